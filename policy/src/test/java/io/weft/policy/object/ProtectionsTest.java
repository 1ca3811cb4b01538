// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.TestPolicies;
import io.weft.policy.identity.ServiceName;
import org.junit.jupiter.api.Test;

class ProtectionsTest {

    private final Protections protections =
            Protections.of(
                    TestPolicies.of(
                            """
                            weft:
                              services:
                                orders: { protocol: http }
                                billing: { protocol: http }
                                catalog: { protocol: http }
                              tokens:
                                shop: { issuer: https://id.shop.example, audiences: [shop] }
                                bank: { issuer: https://id.bank.example, audiences: [bank] }
                                spare: { issuer: https://id.spare.example, audiences: [spare] }
                              access:
                                order-users:
                                  to: { services: [orders] }
                                  user: { token: shop }
                                  effect: allow
                                bank-users:
                                  to: { services: [billing] }
                                  user: { token: bank }
                                  effect: allow
                                tried:
                                  mode: shadow
                                  to: { services: [orders, billing] }
                                  from: { workloads: [catalog] }
                                  effect: deny
                              routes:
                                orders:
                                  hosts: [orders]
                                  rules:
                                    all: { match: { path: {prefix: /} }, to: { orders: 100 } }
                            """));

    @Test
    void workloadNeedsTheRulesAboutItAndTheirTokens() {
        assertThat(neededBy("orders"))
                .containsExactly("tokens/shop", "access/order-users", "access/tried");
        assertThat(neededBy("billing"))
                .containsExactly("tokens/bank", "access/bank-users", "access/tried");
    }

    @Test
    void callerNeedsNone() {
        assertThat(neededBy("catalog")).isEmpty();
        assertThat(neededBy("stranger")).isEmpty();
    }

    @Test
    void edgeNeedsAll() {
        assertThat(neededBy("gateway"))
                .containsExactly(
                        "tokens/bank",
                        "tokens/shop",
                        "tokens/spare",
                        "access/bank-users",
                        "access/order-users",
                        "access/tried");
    }

    private String[] neededBy(String workload) {
        return protections.neededBy(ServiceName.parse(workload)).stream()
                .map(ObjectKey::toString)
                .toArray(String[]::new);
    }
}
