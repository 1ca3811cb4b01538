// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.conformance.proxy.ProcessFigures;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Every request of the edge is copied to a version that never answers, or to one that is not there:
 * nobody who asks can tell.
 */
final class MirrorDrill implements Drill {

    private static final double RATE = 300;
    private static final int CYCLES = 5;
    private static final int SECONDS = 4;
    private static final int IN_FORCE_SECONDS = 2;
    private static final long MOST_GROWTH = 24L << 20;
    private static final String ALONE = "no copies";
    private static final String CONTROL = "no copies, again";
    private static final String HUNG = "copies to one who hangs";
    private static final String DEAD = "copies to nobody";

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("mirror: each request copied to one who hangs, and to nobody");
        try (var stack = new Stack(root);
                var silent = RecordingUpstream.start("v2", Scripts.silence())) {
            stack.policy(OrdersPolicy.FILE, policy(""));
            stack.startControlPlane();
            stack.startInstance("orders", "v1", "orders-v1");
            stack.startAgent("orders", "v2", "orders-v2", silent.address().getPort());
            stack.startEdge();
            drill(stack, findings);
            findings.check(
                    "copies that arrived where nobody answers",
                    silent.accepted() + " connections",
                    "some",
                    silent.accepted() > 0);
        }
        return findings.end();
    }

    private static void drill(Stack stack, Findings findings)
            throws IOException, InterruptedException {
        var plan = Steady.plan(stack.edge(), RATE, "shop.example");
        Steady.reach(plan);
        var slices = new Slices(plan, _ -> {}, stack.pid("edge"), SECONDS);
        long before = ProcessFigures.of(stack.pid("edge"), 0).residentBytes();
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            for (String condition : List.of(ALONE, HUNG, CONTROL, DEAD)) {
                stack.policy(OrdersPolicy.FILE, policy(mirror(condition)));
                TimeUnit.SECONDS.sleep(IN_FORCE_SECONDS);
                slices.add(condition);
            }
        }
        long growth = ProcessFigures.of(stack.pid("edge"), 0).residentBytes() - before;
        slices.checkLatency(findings, HUNG, ALONE, CONTROL);
        slices.checkLatency(findings, DEAD, ALONE, CONTROL);
        findings.check("failed", slices.failed() + "", "0", slices.failed() == 0);
        findings.check(
                "edge: resident memory",
                "%+d MiB".formatted(growth >> 20),
                "at most +" + (MOST_GROWTH >> 20) + " MiB",
                growth <= MOST_GROWTH);
        stack.edgeMetrics()
                .lines()
                .filter(line -> line.startsWith("weft_mirrored_requests_total"))
                .forEach(line -> findings.note("edge", line.substring(line.indexOf('{'))));
    }

    private static String mirror(String condition) {
        return switch (condition) {
            case HUNG -> "mirror: { orders/v2: 100 },";
            case DEAD -> "mirror: { orders/v3: 100 },";
            default -> "";
        };
    }

    private static String policy(String mirror) {
        return """
               weft:
                 services:
                   orders: { versions: { v1: { version: v1 }, v2: { version: v2 }, v3: { version: v3 } } }
                 routes:
                   edge:
                     at: edge
                     rules:
                       all: { %s to: { orders/v1: 1 } }
                 access:
                   callers: { to: { services: [orders] }, from: { workloads: [gateway] }, effect: allow }
               """
                .formatted(mirror);
    }
}
