// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.CpuTime;
import io.weft.policy.feed.ContentHash;
import io.weft.policy.match.RouteTable;
import io.weft.policy.request.Plane;
import io.weft.policy.route.Action;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Guards against cost that grows faster than the policy. The limits are far from what is measured
 * and printed here, and from what a quadratic step would take.
 */
class CompilationScaleTest {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    @Test
    void compilesTenThousandRoutesOnOneHost() {
        String yaml =
                "weft:\n  services: { orders: }\n  routes:\n"
                        + lines(
                                10_000,
                                i ->
                                        "    r%d: { hosts: [shop.example], rules: { all: { match: {"
                                                        .formatted(i)
                                                + " path: { prefix: /api/%d/items/%d } },"
                                                        .formatted(i % 100, i)
                                                + " to: { orders: 1 } } } }");

        Compilation compilation = warm("read 10,000 routes", () -> compile(yaml, Good.NONE));
        assertThat(compilation.problems()).isEmpty();
        assertThat(compilation.good().objects().routes()).hasSize(10_000);
        warm("build their table", () -> RouteTable.of(Plane.EDGE, compilation.good().objects()));
        warm("hash them", () -> ContentHash.of(compilation.good().objects()));
    }

    @Test
    void compilesFiftyThousandRulesOfManyServices() {
        String yaml =
                "weft:\n  services:\n"
                        + lines(5_000, "    s%d: { versions: { v1: { version: v1 } } }"::formatted)
                        + "  access:\n"
                        + lines(
                                5_000,
                                i ->
                                        "    a%d: { to: { services: [s%d] }, from: {"
                                                        .formatted(i, i)
                                                + " workloads: [s%d] }, effect: allow }"
                                                        .formatted((i + 1) % 5_000))
                        + "  routes:\n"
                        + lines(
                                5_000,
                                i ->
                                        "    r%d:\n      hosts: [s%d]\n      rules:\n"
                                                        .formatted(i, i)
                                                + IntStream.range(0, 10)
                                                        .mapToObj(
                                                                n ->
                                                                        "        n%d: { match: { path: { prefix: /p%d } }, to: { s%d/v1: 1 } }"
                                                                                .formatted(n, n, i))
                                                        .collect(Collectors.joining("\n")));

        Compilation compilation = warm("read 50,000 rules", () -> compile(yaml, Good.NONE));
        assertThat(compilation.problems()).isEmpty();
        warm("build their table", () -> RouteTable.of(Plane.MESH, compilation.good().objects()));
    }

    @Test
    void looksAtEachDanglingNameOnce() {
        String services =
                "weft:\n  services:\n" + lines(10_000, "    service-number-%d:"::formatted);
        String routes =
                "weft:\n  routes:\n"
                        + lines(
                                10_000,
                                i ->
                                        "    r%d: { rules: { all: { to: { service-number-%d: 1 } } } }"
                                                .formatted(i, i));
        Good good = compile(services, routes, Good.NONE).good();
        String misspelt = routes.replace("service-number-", "servcie-number-");

        Compilation never =
                warm("refuse 10,000 dangling routes", () -> compile(services, misspelt, Good.NONE));
        assertThat(never.good().objects().routes()).isEmpty();
        assertThat(never.problems()).hasSize(1_001);
        assertThat(never.problems().getFirst().suggestion()).isEqualTo("service-number-0");

        Compilation kept =
                warm("keep 10,000 dangling routes", () -> compile(services, misspelt, good));
        assertThat(kept.kept()).hasSize(10_000);

        Compilation broughtBack =
                warm(
                        "bring back 10,000 services",
                        () -> compile("weft: { services: { x: } }", routes, good));
        assertThat(broughtBack.good().objects().services()).hasSize(10_001);
        assertThat(broughtBack.kept()).hasSize(20_000);
    }

    @Test
    void survivesADocumentThatIsWrongFromTopToBottom() {
        String yaml =
                "weft:\n  services:\n" + lines(100_000, "    s%d: { protcol: htpp }"::formatted);

        Compilation compilation = warm("refuse 100,000 keys", () -> compile(yaml, Good.NONE));

        assertThat(compilation.problems()).hasSize(1_001);
        assertThat(compilation.problems().getLast())
                .hasToString("policy.yml: more problems than these (expected: these mended first)");

        String oneObject =
                "weft:\n  routes:\n    r: {\n" + lines(100_000, "    k%d: x,"::formatted) + "    }";
        assertThat(
                        warm(
                                        "refuse 100,000 keys of one object",
                                        () -> compile(oneObject, Good.NONE))
                                .problems())
                .hasSize(1_001);
    }

    @Test
    void mergesLargeVariantsInLinearTime() {
        String yaml =
                "weft:\n  services: { orders: }\n  routes:\n"
                        + "    all:\n      rules:\n"
                        + lines(
                                20_000,
                                "        n%d: { match: { path: { exact: /x } }, to: { orders: 1 } }"
                                        ::formatted);
        List<PolicyText> texts =
                List.of(
                        new PolicyText("p.yml", yaml),
                        new PolicyText("p-prod.yml", yaml.replace("orders: 1", "orders: 2")));

        Compilation merged =
                warm(
                        "merge 20,000 rules",
                        () -> PolicyCompiler.compile(texts, List.of("prod"), Good.NONE));
        assertThat(merged.good().objects().routes().getFirst().rules())
                .hasSize(20_000)
                .allMatch(rule -> ((Action.Forward) rule.action()).to().getFirst().weight() == 2);
    }

    @Test
    void findsTenThousandMatchesInVain() {
        String yaml =
                "weft:\n  services: { orders: }\n  routes:\n"
                        + "    all: { rules: { all: { to: { orders: 1 } } } }\n"
                        + lines(
                                5_000,
                                i ->
                                        "    r%d: { rules: { same: { to: { orders: 1 } }, pattern: { match: {"
                                                        .formatted(i)
                                                + " path: { regex: '/api/%d/[a-z]+' } },"
                                                        .formatted(i)
                                                + " to: { orders: 1 } } } }");

        Compilation compilation = warm("find 10,000 in vain", () -> compile(yaml, Good.NONE));
        assertThat(compilation.problems()).isEmpty();
        assertThat(compilation.good().objects().routes()).hasSize(5_001);
        assertThat(compilation.warnings()).hasSize(1_001);
    }

    private static <T> T warm(String what, Supplier<T> step) {
        var result = new AtomicReference<T>(step.get());
        Duration took = CpuTime.of(() -> result.set(step.get()));
        System.out.println(what + ": " + took.toMillis() + " ms of CPU time");
        assertThat(took).as(what).isLessThan(LIMIT);
        return result.get();
    }

    private static String lines(int count, IntFunction<String> line) {
        return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
    }

    private static Compilation compile(String yaml, Good lastGood) {
        return PolicyCompiler.compile(
                List.of(new PolicyText("policy.yml", yaml)), List.of(), lastGood);
    }

    private static Compilation compile(String services, String routes, Good lastGood) {
        return PolicyCompiler.compile(
                List.of(
                        new PolicyText("services.yml", services),
                        new PolicyText("routes.yml", routes)),
                List.of(),
                lastGood);
    }
}
