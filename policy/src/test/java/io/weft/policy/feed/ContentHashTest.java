// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.TestPolicies;
import io.weft.policy.object.PolicyObjects;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentHashTest {

    @Test
    void doesNotDependOnHowThePolicyIsWritten() {
        String hash = hash("weft: { services: { b: , a: { versions: { v1: { x: y, c: d } } } } }");

        assertThat(hash).hasSize(16).matches("[0-9a-f]+");
        assertThat(
                        hash(
                                """
                                weft:
                                  trust-domain: weft.local
                                  services:
                                    a: { protocol: http, versions: { v1: { c: d, x: "y" } } }
                                    b: {}
                                """))
                .isEqualTo(hash);
    }

    @Test
    void dependsOnEverythingThatAPolicySays() {
        assertThat(
                        List.of(
                                hash("weft: { services: { a: } }"),
                                hash("weft: { services: { a: , b: } }"),
                                hash("weft: { services: { a.team: } }"),
                                hash("weft: { services: { a: { health: { path: / } } } }"),
                                hash("weft: { trust-domain: x, services: { a: } }"),
                                ContentHash.of(PolicyObjects.EMPTY)))
                .doesNotHaveDuplicates();
    }

    private static String hash(String yaml) {
        return ContentHash.of(TestPolicies.of(yaml));
    }
}
