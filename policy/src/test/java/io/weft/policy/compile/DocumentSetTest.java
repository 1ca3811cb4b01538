// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Profiles, roots and trust domains: what belongs to a policy and to which document. */
class DocumentSetTest {

    private static final String SHOP =
            """
            weft:
              trust-domain: shop.example
              services: { orders: { versions: { v1: { version: v1 } } } }
              routes:
                shop:
                  hosts: [shop.example, www.shop.example]
                  rules: { all: { match: { path: { prefix: / } }, to: { orders: 100 } } }
            """;

    private static final String PROD =
            """
            weft:
              routes:
                shop:
                  hosts: [shop.com]
                  rules: { all: { to: { orders: 1, orders/v1: 2 } } }
            """;

    @Test
    void mergesActiveVariantsKeyByKeyAndListsWhole() {
        Owner owner =
                Owner.of("prod").writes("shop.yml", SHOP).writes("shop-prod.yml", PROD).compiles();

        assertThat(owner.problems()).isEmpty();
        assertThat(owner.destinations("shop")).isEqualTo("orders: 1, orders/v1: 2");
        assertThat(owner.good().objects().routes().getFirst().hosts())
                .map(Object::toString)
                .containsExactly("shop.com");
    }

    @Test
    void ignoresVariantsOfOtherProfilesAndSaysSo() {
        Owner owner = Owner.of().writes("shop.yml", SHOP).writes("shop-prod.yml", PROD).compiles();

        assertThat(owner.problems()).isEmpty();
        assertThat(owner.ignored()).containsExactly("shop-prod.yml");
        assertThat(owner.destinations("shop")).isEqualTo("orders: 100");
    }

    @Test
    void laterProfilesAreStronger() {
        String dev = PROD.replace("orders: 1, orders/v1: 2", "orders: 3");
        Owner owner =
                Owner.of("prod", "eu-prod")
                        .writes("shop.yml", SHOP)
                        .writes("shop-prod.yml", PROD)
                        .writes("shop-eu-prod.yml", dev)
                        .compiles();
        assertThat(owner.destinations("shop")).isEqualTo("orders: 3, orders/v1: 2");

        owner =
                Owner.of("eu-prod", "prod")
                        .writes("shop.yml", SHOP)
                        .writes("shop-prod.yml", PROD)
                        .writes("shop-eu-prod.yml", dev)
                        .compiles();
        assertThat(owner.destinations("shop")).isEqualTo("orders: 1, orders/v1: 2");
    }

    @Test
    void aVariantNeedsItsDocumentInTheSameDirectory() {
        Owner owner =
                Owner.of()
                        .writes("a/shop.yml", SHOP)
                        .writes("b/shop-prod.yml", "weft: { services: { x: } }")
                        .writes("shop-too.yml", "weft: { services: { y: } }")
                        .compiles();

        assertThat(owner.ignored()).isEmpty();
        assertThat(owner.objects()).contains("services/orders", "services/x", "services/y");
    }

    @Test
    void aVariantOfAVariantIsOneOfTheDocument() {
        Owner owner =
                Owner.of("eu-prod")
                        .writes("shop.yml", SHOP)
                        .writes("shop-eu.yml", "weft: { services: { eu: } }")
                        .writes("shop-eu-prod.yml", "weft: { services: { eu-prod: } }")
                        .compiles();

        assertThat(owner.ignored()).containsExactly("shop-eu.yml");
        assertThat(owner.objects()).contains("services/eu-prod").doesNotContain("services/eu");
    }

    @Test
    void oneNameWithTwoEndingsIsOneDocument() {
        Owner owner = Owner.of().writes("shop.yml", SHOP).writes("shop.yaml", SHOP).compiles();

        assertThat(owner.problems())
                .hasSize(3)
                .first()
                .isEqualTo(
                        "shop.yml:2:3: weft.trust-domain: duplicate key \"trust-domain\""
                                + " (expected: each key once; it stands at shop.yaml:2:3 too)");
    }

    @Test
    void refusesKeysThatAVariantRepeats() {
        Owner owner =
                Owner.of("prod")
                        .writes("shop.yml", SHOP)
                        .writes(
                                "shop-prod.yml",
                                "weft: { routes: { shop: { hosts: [a.test], hosts: [b.test] } } }")
                        .compiles();

        assertThat(owner.problems())
                .containsExactly(
                        "shop-prod.yml:1:44: weft.routes.shop.hosts: duplicate key \"hosts\""
                                + " (expected: each key once)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.config.activate.on-profile: prod",
                "spring: { config: { activate: { on-profile: prod } } }",
                "spring: { config.activate.on-profile: [test, prod] }",
                "spring.config: { activate: { onProfile: 'test, prod' } }"
            })
    void obeysOnProfile(String condition) {
        String text = SHOP + "---\n" + condition + "\n" + PROD;

        assertThat(Owner.of("prod").writes("shop.yml", text).compiles().destinations("shop"))
                .isEqualTo("orders: 1, orders/v1: 2");
        assertThat(Owner.of("other").writes("shop.yml", text).compiles().destinations("shop"))
                .isEqualTo("orders: 100");
    }

    @Test
    void refusesProfileExpressionsOfPoliciesOnly() {
        String condition = "spring.config.activate.on-profile: '!prod & eu'\n";
        Owner owner = Owner.of().writes("shop.yml", SHOP).compiles();

        owner.writes("shop.yml", SHOP + "---\n" + condition + PROD).compiles();
        assertThat(owner.problems())
                .containsExactly(
                        "shop.yml:9:36: spring.config.activate.on-profile: not a list of names"
                                + " \"!prod & eu\" (expected: names of profiles)");
        assertThat(owner.destinations("shop")).isEqualTo("orders: 100");

        owner.writes("shop.yml", SHOP + "---\n" + condition + "server: { port: 8080 }\n")
                .compiles();
        assertThat(owner.problems()).isEmpty();
    }

    @Test
    void ordinarySpringSettingsAreNoneOfItsBusiness() {
        Owner owner =
                Owner.of()
                        .writes(
                                "application.yml",
                                """
                                server: { port: 8080 }
                                weft.agent.name: orders
                                weft.telemetry.zipkin: http://127.0.0.1:9411
                                weft:
                                  gateway: { open-routes: [a] }
                                  control-plane.feed.port: 8889
                                  auth: [x]
                                  demo: ~
                                """)
                        .compiles();

        assertThat(owner.problems()).isEmpty();
        assertThat(owner.objects()).isEmpty();
    }

    @Test
    void refusesDottedKeys() {
        Owner owner = Owner.of().writes("shop.yml", SHOP).compiles();

        owner.writes("shop.yml", "weft.routes.shop.at: edge\n").compiles();
        assertThat(owner.problems())
                .containsExactly(
                        "shop.yml:1:1: weft.routes.shop.at: dotted key \"weft.routes.shop.at\""
                                + " (expected: policy as nested maps under weft:)");
        assertThat(owner.kept()).containsExactly("routes/shop", "services/orders");

        owner.writes("shop.yml", "weft: { routes.shop.at: edge }\n").compiles();
        assertThat(owner.problems()).hasSize(1);
        assertThat(owner.kept()).containsExactly("routes/shop", "services/orders");
    }

    @Test
    void takesTheTrustDomainThatIsDeclared() {
        Owner owner = Owner.of().compiles();
        assertThat(owner.trustDomain()).isEqualTo("weft.local");
        assertThat(owner.writes("shop.yml", SHOP).compiles().trustDomain())
                .isEqualTo("shop.example");
        assertThat(owner.writes("shop.yml", "weft: {}").compiles().trustDomain())
                .isEqualTo("weft.local");
    }

    @Test
    void aVariantMayChangeTheTrustDomain() {
        Owner owner =
                Owner.of("prod")
                        .writes("shop.yml", SHOP)
                        .writes("shop-prod.yml", "weft: { trust-domain: shop.com }")
                        .compiles();

        assertThat(owner.problems()).isEmpty();
        assertThat(owner.trustDomain()).isEqualTo("shop.com");
    }

    @Test
    void keepsTheTrustDomainWhileItIsUnclear() {
        Owner owner = Owner.of().writes("shop.yml", SHOP).compiles();
        for (String text :
                List.of(
                        "{",
                        "weft: { trust-domain: Shop.Example }",
                        "weft: { trust-domain: [shop.com] }",
                        "weft: { trust-domain: }",
                        "weft: { trust-domian: shop.com }",
                        "weft: { trust-domain: a.example, trust-domain: b.example }",
                        "weft.trust-domain: shop.com")) {
            owner.writes("shop.yml", text).compiles();
            assertThat(owner.problems()).as(text).hasSize(1);
            assertThat(owner.trustDomain()).as(text).isEqualTo("shop.example");
        }
        assertThat(owner.cannotRead("shop.yml").compiles().trustDomain()).isEqualTo("shop.example");
    }

    @Test
    void keepsTheTrustDomainThatTwoDocumentsDeclareAndNamesBoth() {
        Owner owner =
                Owner.of()
                        .writes("shop.yml", SHOP)
                        .compiles()
                        .writes("a.yml", "weft: { trust-domain: shop.com }")
                        .compiles();

        assertThat(owner.problems())
                .containsExactly(
                        "a.yml:1:9: weft.trust-domain: declared in more than one document"
                                + " \"shop.com\""
                                + " (expected: one declaration; another stands at shop.yml:2:3)",
                        "shop.yml:2:3: weft.trust-domain: declared in more than one document"
                                + " \"shop.example\""
                                + " (expected: one declaration; another stands at a.yml:1:9)");
        assertThat(owner.trustDomain()).isEqualTo("shop.example");
    }
}
