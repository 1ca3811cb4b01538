// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.TestPolicies;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.User;
import io.weft.policy.token.Users;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
                        caller("orders"),
                        PlainRequest.of("GET", "orders", "/").build(),
                        Users.NOBODY,
                        rule -> told.add(rule.name() + " would " + rule.effect()));

        assertThat(verdict).isEqualTo(new Verdict.Granted("all", null));
        assertThat(told).containsExactly("tried would DENY", "tried-get would ALLOW");
        access.decide(
                caller("orders"),
                PlainRequest.of("PUT", "orders", "/").build(),
                Users.NOBODY,
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

        assertThat(
                        access.decide(
                                caller("orders"),
                                PlainRequest.of("GET", "orders", "/").build(),
                                Users.NOBODY,
                                told::add))
                .isEqualTo(new Verdict.Granted("all", null));
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
    void saysWhoCouldSignInAndWhy() {
        ServiceAccess access =
                access(
                        """
                        a-others: { to: { services: [orders] }, from: { workloads: [cart] }, user: { token: people }, effect: allow }
                        b-readers: { to: { services: [orders] }, user: { token: people, scopes: [read] }, effect: allow }
                        """);

        assertThat(verdict(access, TokenCheck.ABSENT))
                .isInstanceOfSatisfying(
                        Verdict.SignIn.class,
                        signIn -> {
                            assertThat(signIn.by()).isEqualTo("b-readers");
                            assertThat(signIn.credential())
                                    .hasFieldOrPropertyWithValue("name", "people");
                            assertThat(signIn.why()).isEqualTo(TokenCheck.ABSENT);
                        });
        assertThat(verdict(access, new TokenCheck.Invalid("expired")))
                .isInstanceOfSatisfying(
                        Verdict.SignIn.class,
                        signIn ->
                                assertThat(signIn.why())
                                        .isEqualTo(new TokenCheck.Invalid("expired")));
        assertThat(verdict(access, verified(Map.of("scope", "write"))))
                .isEqualTo(Verdict.BY_DEFAULT);
        assertThat(verdict(access, verified(Map.of("scope", "write read"))))
                .isInstanceOfSatisfying(
                        Verdict.Granted.class,
                        granted ->
                                assertThat(granted.credential())
                                        .hasNoNullFieldsOrPropertiesExcept("keys"));
    }

    @Test
    void doesNotSendToSignInWhomItWouldNotLetInAnyway() {
        ServiceAccess access =
                access(
                        """
                        posts: { to: { services: [orders] }, user: { token: people }, when: request.method == 'POST', effect: allow }
                        """);

        assertThat(verdict(access, TokenCheck.ABSENT)).isEqualTo(Verdict.BY_DEFAULT);
    }

    @Test
    void takesADenialThatCannotBeEvaluatedForOneThatHolds() {
        ServiceAccess access =
                access(
                        """
                        all: { to: { services: [orders] }, user: anyone, effect: allow }
                        test: { to: { services: [orders] }, user: anyone, when: "request.headers['x-env'] == 'test'", effect: deny }
                        """);

        assertThat(decide(access, "shop", "GET", "/")).isEqualTo("refused by test");
    }

    @Test
    void explainsWhatEachRuleLacks() {
        ServiceAccess access =
                access(
                        """
                        a: { to: { services: [orders], methods: [PUT] }, user: anyone, effect: allow }
                        b: { to: { services: [orders] }, from: { namespaces: [team-a] }, effect: deny }
                        c: { to: { services: [orders] }, user: { token: people, claims: { tenant: acme } }, effect: allow }
                        d: { to: { services: [orders] }, user: anyone, when: request.path == '/x', effect: allow }
                        e: { mode: disabled, to: { services: [orders] }, user: anyone, effect: deny }
                        """);

        assertThat(
                        access.explain(
                                caller("shop"),
                                PlainRequest.of("GET", "orders", "/").build(),
                                _ -> verified(Map.of("tenant", List.of("other")))))
                .extracting(RuleReading::unmet)
                .containsExactly(
                        Criterion.METHOD,
                        Criterion.NAMESPACE,
                        Criterion.CLAIMS,
                        Criterion.CONDITION,
                        null);
    }

    private static TokenCheck verified(Map<String, Object> claims) {
        return new TokenCheck.Verified(User.of(claims));
    }

    private static Verdict verdict(ServiceAccess access, TokenCheck user) {
        return access.decide(
                caller("shop"), PlainRequest.of("GET", "orders", "/").build(), _ -> user, _ -> {});
    }

    private static String decide(ServiceAccess access, String source, String method, String path) {
        Verdict verdict =
                access.decide(
                        caller(source),
                        PlainRequest.of(method, "orders", path).build(),
                        Users.NOBODY,
                        rule -> {});
        return (verdict instanceof Verdict.Granted ? "granted by " : "refused by ") + verdict.by();
    }

    private static Caller caller(String workload) {
        return Caller.of(ServiceName.parse(workload), new byte[] {10, 0, 0, 1});
    }

    private static ServiceAccess access(String rules) {
        PolicyObjects policy =
                TestPolicies.of(
                        "weft:\n  services: { orders: , shop: , cart: , shop.team-a: }\n"
                                + "  tokens: { people: { issuer: i, audiences: [a] } }\n"
                                + "  access:\n"
                                + rules.indent(4));
        return ServiceAccess.to(ORDERS, policy.access(), policy.tokens());
    }
}
