// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdentityTest {

    @Test
    void aServiceOfTheDefaultNamespaceHasAShortName() {
        assertThat(ServiceName.parse("orders.default"))
                .isEqualTo(ServiceName.parse("orders"))
                .hasToString("orders");
        assertThat(ServiceName.parse("orders.team-a"))
                .hasToString("orders.team-a")
                .isNotEqualTo(ServiceName.parse("orders"));
        assertThat(ServiceName.parse("orders").qualifiedHost()).isEqualTo("orders.default");
        assertThat(ServiceName.GATEWAY).hasToString("gateway");
    }

    @Test
    void servicesAreInTheOrderOfNameAndNamespace() {
        assertThat(
                        Stream.of("b.a", "a.b", "a", "b", "a.a")
                                .map(ServiceName::parse)
                                .sorted()
                                .map(Object::toString))
                .containsExactly("a.a", "a.b", "a", "b.a", "b");
    }

    @Test
    void refusesNamesThatAreNoDnsLabels() {
        for (String wrong :
                List.of("", "A", "a_b", "-a", "a-", "a.", ".a", "a.b.c", "a\n", "a".repeat(64))) {
            assertThat(ServiceName.isName(wrong)).as(wrong).isFalse();
            assertThatIllegalArgumentException().isThrownBy(() -> ServiceName.parse(wrong));
        }
        assertThat(ServiceName.isName("a".repeat(63) + ".b-1")).isTrue();
    }

    @Test
    void aWorkloadHasASpiffeIdInItsTrustDomain() {
        assertThat(
                        new TrustDomain("shop.example")
                                .idOf(ServiceName.parse("orders.team"))
                                .toString())
                .isEqualTo("spiffe://shop.example/ns/team/svc/orders");
        assertThat(TrustDomain.DEFAULT).hasToString("weft.local");
        for (String wrong : List.of("", "Shop", "a/b", "a:1", "ä", "a".repeat(256))) {
            assertThatIllegalArgumentException().isThrownBy(() -> new TrustDomain(wrong));
        }
    }
}
