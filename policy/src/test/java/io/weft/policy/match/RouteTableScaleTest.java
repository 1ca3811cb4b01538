// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.weft.policy.TestPolicies;
import io.weft.policy.access.Verdict;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.request.Plane;
import io.weft.policy.token.Users;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A coarse guard; the benchmarks measure time. */
class RouteTableScaleTest {

    private static final Caller GATEWAY = Caller.of(ServiceName.GATEWAY, new byte[] {10, 0, 0, 1});

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static RouteTable table;

    /** 10,000 routes on one host, 200 rules by header and 200 by pattern among them. */
    @BeforeAll
    static void compileManyRoutes() {
        var yaml = new StringBuilder("weft:\n  services: { orders: , canary: }\n");
        yaml.append("  access:\n");
        for (int i = 0; i < 20; i++) {
            yaml.append(
                    """
                        rule-%d:
                          to: { services: [orders], methods: [GET, PUT], paths: [/api/%d/**] }
                          from: { workloads: [canary, gateway] }
                          effect: allow
                    """
                            .formatted(i, i));
        }
        yaml.append("  routes:\n");
        for (int i = 0; i < 10_000; i++) {
            yaml.append("    r%d: { hosts: [shop.example], rules: ".formatted(i));
            yaml.append("{ all: { match: { %s }, to: { orders: 1 } } } }\n".formatted(match(i)));
        }
        PolicyObjects objects = TestPolicies.of(yaml.toString());
        assertThat(objects.routes()).hasSize(10_000);
        table = RouteTable.of(Plane.EDGE, objects);
    }

    private static String match(int i) {
        if (i < 200) {
            return "path: { exact: /tenant }, headers: { x-tenant: t%d }".formatted(i);
        }
        return i < 400
                ? "path: { regex: '/pattern/%d/[a-z]+(/.*)?' }".formatted(i)
                : "path: { prefix: /api/%d/items/%d }".formatted(i % 100, i);
    }

    @Test
    void findsTheRightRuleAmongManyWithoutAllocating() {
        List<PlainRequest> requests =
                List.of(
                        PlainRequest.of("GET", "shop.example", "/api/0/items/400").build(),
                        PlainRequest.of("GET", "shop.example", "/api/99/items/9999/x?q=1").build(),
                        PlainRequest.of("GET", "shop.example", "/tenant")
                                .header("accept", "*/*")
                                .header("x-tenant", "t199")
                                .build(),
                        PlainRequest.of("GET", "shop.example", "/pattern/399/abc/def").build(),
                        PlainRequest.of("GET", "other.example", "/").build(),
                        PlainRequest.of("GET", "shop.example", "/nothing").build());

        assertThat(requests)
                .map(request -> table.match(request, GATEWAY).toString())
                .containsExactly(
                        "r400/all",
                        "r9999/all",
                        "r199/all",
                        "r399/all",
                        "UNKNOWN_HOST",
                        "NO_MATCH");
        for (PlainRequest request : requests) {
            assertThat(bytesPerCall(() -> table.match(request, GATEWAY)))
                    .as("bytes for one match of %s", table.match(request, GATEWAY))
                    .isLessThan(1);
        }
    }

    @Test
    void asksForCookiesAndCallersWithoutAllocating() {
        String yaml =
                """
                weft:
                  services: { v1: , v2: , cart.shop: }
                  routes:
                    one:
                      at: mesh
                      hosts: [v1]
                      rules:
                        a: { match: { cookies: { s: "1" }, from: { namespaces: [shop] } }, to: { v2: 1 } }
                        b: { match: { path: { prefix: /b }, from: { workloads: [cart.shop] } }, to: { v2: 1 } }
                        c: { match: { port: 8080 }, to: { v2: 1 } }
                """;
        RouteTable mesh = TestPolicies.mesh(yaml);
        Caller cart = Caller.of(ServiceName.parse("cart.shop"), new byte[] {127, 0, 0, 1});
        Caller other = Caller.of(ServiceName.parse("v2"), new byte[] {127, 0, 0, 1});
        PlainRequest request =
                PlainRequest.of("GET", "v1", "/")
                        .header("cookie", "a=b; s=1")
                        .header("cookie", "s=1")
                        .build();

        assertThat(mesh.match(request, cart)).hasToString("one/a");
        assertThat(bytesPerCall(() -> mesh.match(request, cart))).isLessThan(1);
        assertThat(mesh.match(request, other)).hasToString("service/v1/all");
        assertThat(bytesPerCall(() -> mesh.match(request, other))).isLessThan(1);
    }

    @Test
    void decidesAccessWithoutAllocating() {
        PlainRequest request = PlainRequest.of("PUT", "shop.example", "/api/19/items/419").build();
        var rule = (CompiledRule) table.match(request, GATEWAY);
        CompiledDestination to = rule.pick(7);

        assertThat(to.access().decide(GATEWAY, request, Users.NOBODY, _ -> {}))
                .isEqualTo(new Verdict.Granted("rule-19", null));
        assertThat(bytesPerCall(() -> to.access().decide(GATEWAY, request, Users.NOBODY, _ -> {})))
                .isLessThan(1);
    }

    private static long bytesPerCall(Runnable call) {
        int calls = 20_000;
        for (int i = 0; i < calls; i++) {
            call.run();
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < calls; i++) {
            call.run();
        }
        return (THREADS.getCurrentThreadAllocatedBytes() - before) / calls;
    }
}
