// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.check.PolicyFiles;
import io.weft.policy.compile.Compilation;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeRouteTest {

    private static final Path SHOP = Path.of("..", "demo", "policy", "shop.yml");
    private static final ServiceName CART = ServiceName.parse("cart");

    @TempDir private Path directory;

    @Test
    void knowsNoWayToAServiceThatNoRouteLeadsTo() throws IOException {
        assertThat(EdgeRoute.path(compile(SHOP).good().objects(), CART)).isEmpty();
        ServiceName onlyInTheMesh = ServiceName.parse("orders");
        assertThat(EdgeRoute.path(compile(SHOP).good().objects(), onlyInTheMesh)).isEmpty();
    }

    @Test
    void findsThePathOfARoute() throws IOException {
        ServiceName storefront = ServiceName.parse("storefront");
        assertThat(EdgeRoute.path(compile(SHOP).good().objects(), storefront)).hasValue("/");
    }

    @Test
    void thePolicyItProposesIsRightBesideTheShops() throws IOException {
        Path cart = Files.writeString(directory.resolve("cart.yml"), EdgeRoute.policyFor(CART));

        Compilation compilation = compile(SHOP, cart);

        assertThat(compilation.problems()).isEmpty();
        assertThat(EdgeRoute.path(compilation.good().objects(), CART)).hasValue("/cart");
    }

    private static Compilation compile(Path... files) throws IOException {
        return PolicyFiles.read(List.of(files)).compile();
    }
}
