// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.Seed;
import io.weft.policy.TestObjects;
import io.weft.policy.TestPolicies;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.PlainRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServiceAccessTest {

    private static final ServiceName ORDERS = ServiceName.parse("orders");

    @Test
    void refusesWhatNoRuleAllows() {
        ServiceAccess access =
                access(
                        """
                        reads:
                          to: { services: [orders], methods: [GET, HEAD], paths: [/orders/**] }
                          from: { workloads: [shop] }
                          effect: allow
                        """);

        assertThat(decide(access, "shop", "GET", "/orders")).isEqualTo("granted by reads");
        assertThat(decide(access, "shop", "HEAD", "/orders/1")).isEqualTo("granted by reads");
        assertThat(decide(access, "shop", "POST", "/orders")).isEqualTo("refused by default-deny");
        assertThat(decide(access, "shop", "GET", "/order")).isEqualTo("refused by default-deny");
        assertThat(decide(access, "cart", "GET", "/orders")).isEqualTo("refused by default-deny");
        assertThat(decide(access, "gateway", "GET", "/orders"))
                .isEqualTo("refused by default-deny");
        assertThat(decide(access(""), "shop", "GET", "/")).isEqualTo("refused by default-deny");
    }

    @Test
    void denyBeatsAllow() {
        ServiceAccess access =
                access(
                        """
                        a-allows-all: { to: { services: [orders] }, user: anyone, effect: allow }
                        z-denies-admin:
                          to: { services: [orders, shop], paths: [/admin/**] }
                          user: anyone
                          effect: deny
                        """);

        assertThat(decide(access, "shop", "GET", "/")).isEqualTo("granted by a-allows-all");
        assertThat(decide(access, "shop", "GET", "/admin")).isEqualTo("refused by z-denies-admin");
    }

    @Test
    void namesTheFirstRuleThatDecides() {
        ServiceAccess access =
                access(
                        """
                        b: { to: { services: [orders] }, user: anyone, effect: allow }
                        a: { to: { services: [orders] }, from: { workloads: [shop] }, effect: allow }
                        """);

        assertThat(decide(access, "shop", "GET", "/")).isEqualTo("granted by a");
        assertThat(decide(access, "cart", "GET", "/")).isEqualTo("granted by b");
    }

    @Test
    void shadowTellsAndDoesNotDecide() {
        ServiceAccess access =
                access(
                        """
                        all: { to: { services: [orders] }, user: anyone, effect: allow }
                        tried: { mode: shadow, to: { services: [orders] }, user: anyone, effect: deny }
                        tried-get:
                          mode: shadow
                          to: { services: [orders], methods: [GET] }
                          user: anyone
                          effect: allow
                        """);
        var told = new ArrayList<String>();

        Verdict verdict =
                access.decide(
                        ORDERS,
                        PlainRequest.of("GET", "orders", "/").build(),
                        rule -> told.add(rule.name() + " would " + rule.effect()));

        assertThat(verdict).isEqualTo(new Verdict.Granted("all"));
        assertThat(told).containsExactly("tried would DENY", "tried-get would ALLOW");
        access.decide(
                ORDERS,
                PlainRequest.of("PUT", "orders", "/").build(),
                rule -> told.add(rule.name()));
        assertThat(told).hasSize(3).endsWith("tried");
    }

    @Test
    void disabledRulesAreAsIfTheyWereNotThere() {
        ServiceAccess access =
                access(
                        """
                        all: { to: { services: [orders] }, user: anyone, effect: allow }
                        off: { mode: disabled, to: { services: [orders] }, user: anyone, effect: deny }
                        """);
        var told = new ArrayList<AccessRule>();

        assertThat(access.decide(ORDERS, PlainRequest.of("GET", "orders", "/").build(), told::add))
                .isEqualTo(new Verdict.Granted("all"));
        assertThat(told).isEmpty();
    }

    @Test
    void tellsWorkloadsOfDifferentNamespacesApart() {
        ServiceAccess access =
                access(
                        """
                        cart:
                          to: { services: [orders] }
                          from: { workloads: [cart.default, shop.team-a] }
                          effect: allow
                        """);

        assertThat(decide(access, "cart", "GET", "/")).isEqualTo("granted by cart");
        assertThat(decide(access, "shop.team-a", "GET", "/")).isEqualTo("granted by cart");
        assertThat(decide(access, "shop", "GET", "/")).isEqualTo("refused by default-deny");
        assertThat(decide(access, "cart.team-a", "GET", "/")).isEqualTo("refused by default-deny");
    }

    @Test
    void agreesWithTheDesignTakenLiterally() {
        Random random = Seed.random(ServiceAccessTest.class);
        var generated = new TestObjects(random);
        for (int round = 0; round < 2_000; round++) {
            List<AccessRule> rules = generated.accessRules(12);
            ServiceName service = generated.service();
            ServiceAccess access = ServiceAccess.to(service, rules);
            for (int i = 0; i < 20; i++) {
                ServiceName source = generated.workload();
                String method = generated.method();
                String path = Seed.oneOf(random, TestObjects.PATHS);
                var told = new ArrayList<AccessRule>();

                Verdict verdict =
                        access.decide(
                                source, PlainRequest.of(method, "a.test", path).build(), told::add);

                List<AccessRule> matching =
                        rules.stream()
                                .filter(r -> matches(r, service, source, method, path))
                                .toList();
                assertThat(verdict).isEqualTo(naive(matching));
                assertThat(told)
                        .isEqualTo(matching.stream().filter(r -> r.mode() == Mode.SHADOW).toList());
            }
        }
    }

    private static Verdict naive(List<AccessRule> matching) {
        List<AccessRule> deciding =
                matching.stream().filter(rule -> rule.mode() == Mode.ENFORCE).toList();
        for (AccessRule rule : deciding) {
            if (rule.effect() == Effect.DENY) {
                return new Verdict.Refused(rule.name());
            }
        }
        return deciding.isEmpty()
                ? Verdict.BY_DEFAULT
                : new Verdict.Granted(deciding.getFirst().name());
    }

    private static boolean matches(
            AccessRule rule, ServiceName service, ServiceName source, String method, String path) {
        return rule.to().services().contains(service)
                && (rule.to().methods().isEmpty() || rule.to().methods().contains(method))
                && (rule.to().paths().isEmpty()
                        || rule.to().paths().stream().anyMatch(p -> path.matches(regex(p))))
                && (rule.from().workloads().isEmpty() || rule.from().workloads().contains(source));
    }

    private static String regex(PathPattern pattern) {
        return pattern.toString().replace("/**", "(/.{0,99})?").replace("/*", "/[^/]+");
    }

    private static String decide(ServiceAccess access, String source, String method, String path) {
        Verdict verdict =
                access.decide(
                        ServiceName.parse(source),
                        PlainRequest.of(method, "orders", path).build(),
                        rule -> {});
        return (verdict instanceof Verdict.Granted ? "granted by " : "refused by ") + verdict.by();
    }

    private static ServiceAccess access(String rules) {
        return ServiceAccess.to(
                ORDERS,
                TestPolicies.of(
                                "weft:\n  services: { orders: , shop: , cart: , shop.team-a: }\n"
                                        + "  access:\n"
                                        + rules.indent(4))
                        .access());
    }
}
