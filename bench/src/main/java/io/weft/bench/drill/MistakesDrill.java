// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The YAML is broken in five ways: each is reported with file, line, column and path, the broken
 * object stays as it was, and a change to another object goes through all the same.
 */
final class MistakesDrill implements Drill {

    private static final String FILE = "shop.yml";

    /**
     * @param broken what stands in the place of the sound rule of the route {@code orders}
     * @param path which the report must name
     */
    private record Mistake(String name, String broken, String path) {}

    private static final String SOUND =
            "all: { match: { path: { prefix: / } }, to: { orders: 1 } }";

    private static final List<Mistake> MISTAKES =
            List.of(
                    new Mistake(
                            "wrong type",
                            "all: { match: { path: { prefix: / } }, to: { orders: many } }",
                            "weft.routes.orders.rules.all.to.orders"),
                    new Mistake(
                            "unknown key",
                            "all: { match: { path: { prefix: / } }, too: { orders: 1 } }",
                            "weft.routes.orders.rules.all.too"),
                    new Mistake(
                            "unknown service",
                            "all: { match: { path: { prefix: / } }, to: { order: 1 } }",
                            "weft.routes.orders.rules.all.to.order"),
                    new Mistake(
                            "bad regex",
                            "all: { match: { path: { regex: '/(a' } }, to: { orders: 1 } }",
                            "weft.routes.orders.rules.all.match.path.regex"));

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("mistakes: a broken object hurts only itself");
        try (var stack = new Stack(root)) {
            stack.policy(FILE, policy(SOUND, 0));
            stack.policy("other.yml", other(0));
            stack.startControlPlane();
            int step = 1;
            for (Mistake mistake : MISTAKES) {
                stack.policy("other.yml", other(step));
                stack.policy(FILE, policy(mistake.broken, step));
                judge(stack, findings, mistake.name, step, mistake.path);
                step++;
            }
            stack.policy("other.yml", other(step));
            stack.policy(FILE, "weft:\n  routes: [ this is { not YAML\n");
            judge(stack, findings, "not YAML at all", step, "");
        }
        return findings.end();
    }

    private static String policy(String rule, int step) {
        return """
               weft:
                 services:
                   orders: { health: { path: /orders-%d } }
                 routes:
                   orders:
                     at: mesh
                     hosts: [orders]
                     rules:
                       %s
               """
                .formatted(step, rule);
    }

    private static String other(int step) {
        return "weft: { services: { other: { health: { path: /other-%d } } } }\n".formatted(step);
    }

    private static void judge(Stack stack, Findings findings, String mistake, int step, String path)
            throws IOException {
        boolean others =
                Stack.await(
                        Duration.ofSeconds(10), () -> policyText(stack).contains("/other-" + step));
        findings.check(
                mistake + ": changes to other objects go through", yes(others), "yes", others);
        String report = "\"file\":\"" + FILE + "\"";
        boolean reported =
                Stack.await(
                        Duration.ofSeconds(10),
                        () -> {
                            String status = policyText(stack);
                            return status.contains(report) && status.contains(path);
                        });
        String policy = policyText(stack);
        findings.check(
                mistake + ": reported with place and path",
                reported ? place(policy) : "no",
                "file, line, column" + (path.isEmpty() ? "" : ", " + path),
                reported);
        boolean kept = policy.replaceAll("\\s", "").contains("\"prefix\":\"/\"");
        findings.check(mistake + ": the route stays in its last good form", yes(kept), "yes", kept);
    }

    private static String yes(boolean really) {
        return really ? "yes" : "no";
    }

    private static String place(String policy) {
        var matcher =
                java.util.regex.Pattern.compile("\"line\":(\\d+),\"column\":(\\d+)")
                        .matcher(policy.replaceAll("\\s", ""));
        return matcher.find() ? FILE + ":" + matcher.group(1) + ":" + matcher.group(2) : "no place";
    }

    private static String policyText(Stack stack) {
        try {
            return stack.policyInForce().replaceAll("\\s", "");
        } catch (IOException e) {
            return "";
        }
    }
}
