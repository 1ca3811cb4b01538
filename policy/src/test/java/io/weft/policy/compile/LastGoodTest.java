// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.document.Node;
import io.weft.policy.identity.TrustDomain;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.problem.Position;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One bad object hurts only itself. */
class LastGoodTest {

    private static final String SERVICES =
            """
            weft:
              services:
                orders: { versions: { v1: { version: v1 }, v2: { version: v2 } } }
                payments: {}
            """;

    private static final String ROUTES =
            """
            weft:
              routes:
                orders: { hosts: [orders], rules: { all: { to: { orders/v1: 95, orders/v2: 5 } } } }
                payments: { hosts: [payments], rules: { all: { to: { payments: 1 } } } }
              access:
                reads: { to: { services: [orders] }, from: { workloads: [gateway] }, effect: allow }
            """;

    private static Owner soundShop() {
        Owner owner =
                Owner.of().writes("services.yml", SERVICES).writes("routes.yml", ROUTES).compiles();
        assertThat(owner.problems()).isEmpty();
        assertThat(owner.kept()).isEmpty();
        return owner;
    }

    @Test
    void keepsTheBrokenObjectWhileAllOthersGoThrough() {
        Owner owner =
                soundShop()
                        .writes(
                                "routes.yml",
                                ROUTES.replace("orders/v1: 95, orders/v2: 5", "orders/v1: half")
                                        .replace("payments: 1", "payments: 7")
                                        .replace("reads:", "writes:"))
                        .compiles();

        assertThat(owner.problems())
                .containsExactly(
                        "routes.yml:3:65: weft.routes.orders.rules.all.to.orders/v1: invalid value"
                                + " \"half\" (expected: a whole number from 0 to 1000000)");
        assertThat(owner.destinations("orders")).isEqualTo("orders/v1: 95, orders/v2: 5");
        assertThat(owner.destinations("payments")).isEqualTo("payments: 7");
        assertThat(owner.kept()).containsExactly("routes/orders");
        assertThat(owner.objects())
                .containsExactly(
                        "services/orders",
                        "services/payments",
                        "routes/orders",
                        "routes/payments",
                        "access/writes");
    }

    @Test
    void takesTheRepairedObject() {
        Owner owner =
                soundShop()
                        .writes("routes.yml", ROUTES.replace("orders/v1: 95", "orders/v3: 95"))
                        .compiles()
                        .compiles();
        assertThat(owner.destinations("orders")).isEqualTo("orders/v1: 95, orders/v2: 5");
        assertThat(owner.kept()).containsExactly("routes/orders");

        owner.writes("routes.yml", ROUTES.replace("orders/v1: 95", "orders/v1: 90")).compiles();

        assertThat(owner.problems()).isEmpty();
        assertThat(owner.kept()).isEmpty();
        assertThat(owner.destinations("orders")).isEqualTo("orders/v1: 90, orders/v2: 5");
    }

    @Test
    void leavesOutABrokenObjectThatWasNeverGood() {
        Owner owner =
                Owner.of()
                        .writes("services.yml", SERVICES)
                        .writes("routes.yml", ROUTES.replace("orders/v1: 95", "orders/v3: 95"))
                        .compiles();

        assertThat(owner.objects())
                .containsExactly(
                        "services/orders", "services/payments", "routes/payments", "access/reads");
        assertThat(owner.kept()).isEmpty();
    }

    @Test
    void bringsBackAServiceThatAKeptRouteStillUses() {
        Owner owner =
                soundShop()
                        .writes("services.yml", SERVICES.replace("    payments: {}\n", ""))
                        .compiles();

        assertThat(owner.problems())
                .containsExactly(
                        "routes.yml:4:5: weft.services.payments: stays as it was, because the last"
                                + " good form of routes/payments uses it"
                                + " (expected: routes/payments mended first)",
                        "routes.yml:4:58: weft.routes.payments.rules.all.to.payments: unknown"
                                + " service \"payments\" (expected: one of: orders)");
        assertThat(owner.objects()).contains("services/payments", "routes/payments");
        assertThat(owner.kept()).containsExactly("routes/payments", "services/payments");

        owner.compiles();
        assertThat(owner.problems()).hasSize(2);
        assertThat(owner.objects()).contains("services/payments", "routes/payments");

        owner.writes("routes.yml", ROUTES.replace("to: { payments: 1", "to: { orders: 1"))
                .compiles();
        assertThat(owner.problems()).isEmpty();
        assertThat(owner.objects()).doesNotContain("services/payments");
    }

    @Test
    void bringsBackAVersionThatAKeptRouteStillUses() {
        Owner owner =
                soundShop()
                        .writes(
                                "services.yml",
                                SERVICES.replace("v2: { version: v2 }", "v3: { version: v3 }"))
                        .writes(
                                "canary.yml",
                                """
                                weft:
                                  routes:
                                    canary: { hosts: [c.test], rules: { all: { to: { orders/v3: 1 } } } }
                                    stable: { hosts: [s.test], rules: { all: { to: { orders/v1: 1 } } } }
                                """)
                        .compiles();

        assertThat(owner.problems())
                .containsExactly(
                        "canary.yml:3:54: weft.routes.canary.rules.all.to.orders/v3: unknown"
                                + " version, because services/orders stays as it was \"orders/v3\""
                                + " (expected: a version it had, or what keeps it mended first)",
                        "routes.yml:3:69: weft.routes.orders.rules.all.to.orders/v2: unknown"
                                + " version \"orders/v2\", did you mean \"orders/v1\"?"
                                + " (expected: one of: orders/v1, orders/v3)",
                        "services.yml:3:5: weft.services.orders: stays as it was, because the last"
                                + " good form of routes/orders uses it"
                                + " (expected: routes/orders mended first)");
        assertThat(owner.kept()).containsExactly("routes/orders", "services/orders");
        assertThat(owner.destinations("orders")).isEqualTo("orders/v1: 95, orders/v2: 5");
        assertThat(owner.destinations("stable")).isEqualTo("orders/v1: 1");
        assertThat(owner.destinations("canary")).isEqualTo("none");

        owner.writes("routes.yml", ROUTES.replace("orders/v2: 5", "orders/v3: 5")).compiles();

        assertThat(owner.problems()).isEmpty();
        assertThat(owner.destinations("canary")).isEqualTo("orders/v3: 1");
    }

    @Test
    void judgesNamesByWhatIsDeclaredAndNotByWhatComesBack() {
        Owner owner =
                soundShop()
                        .writes("services.yml", SERVICES.replace("    payments: {}\n", ""))
                        .writes(
                                "a-new.yml",
                                "weft: { routes: { a: { rules: { all: { to: { payments: 1 } } } } } }")
                        .compiles();

        assertThat(owner.problems())
                .hasSize(3)
                .first()
                .isEqualTo(
                        "a-new.yml:1:46: weft.routes.a.rules.all.to.payments: unknown service"
                                + " \"payments\" (expected: one of: orders)");
        assertThat(owner.objects()).contains("services/payments").doesNotContain("routes/a");
    }

    @Test
    void keepsWhatADocumentDeclaredThatIsNotYaml() {
        Owner owner =
                soundShop()
                        .writes("routes.yml", ROUTES + "    }\n")
                        .writes("services.yml", SERVICES.replace("payments", "catalog"))
                        .compiles();

        assertThat(owner.problems())
                .hasSize(2)
                .contains(
                        "routes.yml: weft.services.payments: stays as it was, because the last good"
                                + " form of routes/payments uses it"
                                + " (expected: routes/payments mended first)")
                .last()
                .asString()
                .startsWith("routes.yml:7:5: not YAML: ");
        assertThat(owner.objects())
                .containsExactly(
                        "services/catalog",
                        "services/orders",
                        "services/payments",
                        "routes/orders",
                        "routes/payments",
                        "access/reads");
    }

    @Test
    void keepsWhatADocumentDeclaredThatCannotBeRead() {
        Owner owner = soundShop().cannotRead("routes.yml").compiles();

        assertThat(owner.problems()).containsExactly("routes.yml: permission denied");
        assertThat(owner.kept())
                .containsExactly("access/reads", "routes/orders", "routes/payments");
        assertThat(owner.removes("routes.yml").compiles().objects())
                .containsExactly("services/orders", "services/payments");
    }

    @Test
    void keepsWhatADocumentDeclaredThatBecameSomethingElse() {
        for (String text : List.of("- a\n", "TODO\n", "!!map {}\n", "weft: text\n", "weft: []\n")) {
            assertThat(soundShop().writes("routes.yml", text).compiles().kept())
                    .as(text)
                    .containsExactly("access/reads", "routes/orders", "routes/payments");
        }
    }

    @Test
    void removesWhatAnEmptiedDocumentDeclared() {
        for (String text : List.of("", "# nothing\n", "---\n", "weft:\n", "weft: { routes: }\n")) {
            assertThat(soundShop().writes("routes.yml", text).compiles().objects())
                    .as(text)
                    .containsExactly("services/orders", "services/payments");
        }
    }

    @Test
    void keepsWhatStoodUnderAMisspeltRoot() {
        Owner owner = soundShop().writes("routes.yml", ROUTES.replace("routes:", "rotues:"));

        owner.compiles();

        assertThat(owner.problems()).hasSize(1);
        assertThat(owner.kept()).containsExactly("routes/orders", "routes/payments");
        assertThat(owner.objects()).contains("access/reads");
    }

    @Test
    void keepsAKindWhoseMapIsBroken() {
        Owner owner = soundShop();
        for (String routes :
                List.of(
                        "routes: [a]",
                        "routes: text",
                        "routes: { <<: { a: b } }",
                        "routes: !x {}")) {
            owner.writes("routes.yml", "weft:\n  " + routes + "\n").compiles();
            assertThat(owner.problems()).hasSize(1);
            assertThat(owner.kept()).containsExactly("routes/orders", "routes/payments");
            assertThat(owner.objects()).doesNotContain("access/reads");
        }
    }

    @Test
    void keepsAnObjectThatTwoDocumentsDeclareAndNamesBoth() {
        Owner owner =
                soundShop()
                        .writes("other.yml", "weft: { services: { payments: {}, orders: ~ } }")
                        .compiles();

        assertThat(owner.problems())
                .containsExactly(
                        "other.yml:1:21: weft.services.payments: declared in more than one"
                                + " document \"payments\""
                                + " (expected: one declaration; another stands at services.yml:4:5)",
                        "other.yml:1:35: weft.services.orders: declared in more than one document"
                                + " \"orders\""
                                + " (expected: one declaration; another stands at services.yml:3:5)",
                        "services.yml:3:5: weft.services.orders: declared in more than one document"
                                + " \"orders\""
                                + " (expected: one declaration; another stands at other.yml:1:35)",
                        "services.yml:4:5: weft.services.payments: declared in more than one"
                                + " document \"payments\""
                                + " (expected: one declaration; another stands at other.yml:1:21)");
        assertThat(owner.kept()).containsExactly("services/orders", "services/payments");
        assertThat(owner.destinations("orders")).isEqualTo("orders/v1: 95, orders/v2: 5");
    }

    @Test
    void keepsAnObjectThatOneDocumentDeclaresTwice() {
        Owner owner = soundShop().writes("services.yml", SERVICES + "    orders: {}\n").compiles();

        assertThat(owner.problems())
                .containsExactly(
                        "services.yml:5:5: weft.services.orders: duplicate key \"orders\""
                                + " (expected: each key once; it stands at services.yml:3:5 too)");
        assertThat(owner.kept()).containsExactly("services/orders");

        owner.writes("services.yml", SERVICES + "---\nweft: { services: { orders: {} } }\n")
                .compiles();
        assertThat(owner.problems())
                .containsExactly(
                        "services.yml:6:21: weft.services.orders: duplicate key \"orders\""
                                + " (expected: each key once; it stands at services.yml:3:5 too)");
        assertThat(owner.kept()).containsExactly("services/orders");
    }

    @Test
    void anObjectMayMoveToAnotherDocument() {
        Owner owner =
                soundShop()
                        .writes("all.yml", SERVICES + ROUTES.replace("weft:\n", ""))
                        .removes("services.yml")
                        .removes("routes.yml")
                        .compiles();

        assertThat(owner.problems()).isEmpty();
        assertThat(owner.objects()).hasSize(5);
        assertThat(owner.writes("all.yml", "{").compiles().objects()).hasSize(5);
    }

    @Test
    void doesWithObjectsFromTheWireAsWithDocuments() {
        Owner owner = soundShop();
        var orders = new ObjectKey(ObjectKind.SERVICES, "orders");
        var route = new ObjectKey(ObjectKind.ROUTES, "orders");
        Node service = new Node.Mapping(Position.of("feed"), List.of());
        Node unknown = new Node.Refused(Position.of("feed"), "value", "missing");

        Compilation compilation =
                PolicyCompiler.compile(
                        "feed",
                        new TrustDomain("shop.example"),
                        Map.of(orders, service, route, unknown),
                        owner.good());

        assertThat(compilation.problems())
                .map(Object::toString)
                .containsExactly(
                        "feed: weft.routes.orders: missing \"value\" (expected: a map)",
                        "feed: weft.services.orders: stays as it was, because the last good form of"
                                + " routes/orders uses it (expected: routes/orders mended first)");
        assertThat(compilation.kept()).containsExactlyInAnyOrder(orders, route);
        assertThat(compilation.good().objects().byKey()).containsOnlyKeys(orders, route);
        assertThat(compilation.good().objects().trustDomain().name()).isEqualTo("shop.example");
    }
}
