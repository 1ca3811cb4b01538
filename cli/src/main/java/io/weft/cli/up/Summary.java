// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import io.weft.cli.home.Distribution;
import io.weft.cli.home.Up;
import io.weft.cli.home.Up.Address;
import io.weft.cli.token.DemoUsers;
import java.net.URI;
import java.nio.file.Path;

/** Where everything is and what to try: the end of a start, and the answer to a second one. */
final class Summary {

    private final Distribution distribution;
    private final Up up;

    Summary(Distribution distribution, Up up) {
        this.distribution = distribution;
        this.up = up;
    }

    @Override
    public String toString() {
        return """
        Shop           http://localhost:%d
        Control plane  http://localhost:%d/api/policy/status
        """
                        .formatted(port(Address.EDGE), port(Address.CONTROL_PLANE))
                + zipkin()
                + people()
                + """
                Policy         %3$s

                Now try, in a second terminal:
                  curl -s localhost:%1$d/orders/42
                      the way of a request; repeat it to see the versions share the work
                  curl -s localhost:%1$d/orders -H content-type:application/json -d '{"item":"mug"}' \\
                      -H "Authorization: Bearer $(%2$s token alice)"
                      an order; without the token it is refused
                  %2$s logs intruder -f
                      a caller that nobody allowed
                """
                        .formatted(port(Address.EDGE), Distribution.command(), policy());
    }

    private String people() {
        DemoUsers users = DemoUsers.of(distribution.state());
        return "Sign in        http://localhost:%d/admin\n".formatted(port(Address.EDGE))
                + users.password("alice").map("               as alice, %s\n"::formatted).orElse("")
                + users.password("bob")
                        .map("               or bob, %s, who may not see it\n"::formatted)
                        .orElse("");
    }

    private String zipkin() {
        URI zipkin = up.addresses().get(Address.ZIPKIN);
        return zipkin == null
                ? ""
                : "Zipkin         http://localhost:%d\n".formatted(zipkin.getPort());
    }

    private int port(Address address) {
        return up.at(address).getPort();
    }

    private Path policy() {
        return Distribution.shown(distribution.state().policy().resolve("shop.yml"));
    }
}
