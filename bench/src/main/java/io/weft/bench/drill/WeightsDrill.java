// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.conformance.load.Answer;
import io.weft.conformance.load.LoadClient;
import io.weft.conformance.load.LoadReport;
import io.weft.conformance.load.LoadRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Weights are changed twenty times in the YAML while 500 requests per second pass the edge and 100
 * an agent: each change is in force at both within a second, and no request fails.
 */
final class WeightsDrill implements Drill {

    private static final int CHANGES = 20;
    private static final double EDGE_RATE = 500;
    private static final double AGENT_RATE = 100;
    private static final Duration PROMISED = Duration.ofSeconds(1);

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("weights: " + CHANGES + " changes under traffic");
        try (var stack = new Stack(root)) {
            stack.policy(OrdersPolicy.FILE, OrdersPolicy.weights(50, 50));
            stack.startControlPlane();
            stack.trainAgents();
            stack.startInstance("orders", "v1", "orders-v1");
            stack.startInstance("orders", "v2", "orders-v2");
            Stack.Agent client = stack.startClient("client");
            stack.startEdge();
            drill(stack, client, findings);
        }
        return findings.end();
    }

    private static void drill(Stack stack, Stack.Agent client, Findings findings)
            throws IOException, InterruptedException {
        var outbound = new InetSocketAddress(InetAddress.getLoopbackAddress(), client.outbound());
        var atEdge = new Versions();
        var atAgent = new Versions();
        var edgePlan = Steady.plan(stack.edge(), EDGE_RATE, "shop.example");
        var agentPlan = Steady.plan(outbound, AGENT_RATE, "orders");
        Steady.reach(agentPlan);
        Steady.reach(edgePlan);
        stack.policy(OrdersPolicy.FILE, OrdersPolicy.weights(100, 0));
        try (LoadRun edge = LoadClient.start(edgePlan, atEdge::note);
                LoadRun agent = LoadClient.start(agentPlan, atAgent::note)) {
            TimeUnit.SECONDS.sleep(2);
            var edgeTimes = new ArrayList<Duration>();
            var agentTimes = new ArrayList<Duration>();
            for (int change = 1; change <= CHANGES; change++) {
                boolean second = change % 2 == 1;
                String wanted = second ? "v2" : "v1";
                long written = System.nanoTime();
                stack.policy(
                        OrdersPolicy.FILE,
                        OrdersPolicy.weights(second ? 0 : 100, second ? 100 : 0));
                edgeTimes.add(atEdge.timeUntilOnly(wanted, written));
                agentTimes.add(atAgent.timeUntilOnly(wanted, written));
            }
            report("edge", edgeTimes, edge.stop(), findings);
            report("agent", agentTimes, agent.stop(), findings);
        }
    }

    private static void report(
            String where, List<Duration> times, LoadReport load, Findings findings) {
        Duration slowest = Collections.max(times);
        findings.check(
                where + ": slowest change, from the write to the last old answer",
                slowest.toMillis() + " ms",
                "at most " + PROMISED.toMillis() + " ms",
                slowest.compareTo(PROMISED) <= 0);
        long bad = load.failed() + load.answered() - load.answered(200);
        findings.check(where + ": failed of " + load.sent() + " requests", bad + "", "0", bad == 0);
        load.samples().forEach(sample -> findings.note("failure", sample));
        findings.note(
                where + ": latency p50 / p99",
                "%d / %d us"
                        .formatted(
                                load.percentile(50).toNanos() / 1000,
                                load.percentile(99).toNanos() / 1000));
    }

    /** Who answered when. */
    private static final class Versions {

        /** A change counts as done when so long nobody else has answered. */
        private static final Duration QUIET = Duration.ofMillis(300);

        private volatile String last = "";
        private volatile long lastOther = System.nanoTime();

        void note(Answer answer) {
            String version = answer.header(DrillApp.VERSION).orElse("");
            if (!version.equals(last)) {
                last = version;
                lastOther = System.nanoTime();
            }
        }

        /** From a moment to the last answer of another version than this. */
        Duration timeUntilOnly(String wanted, long since) {
            boolean done =
                    Stack.await(
                            Duration.ofSeconds(10),
                            () ->
                                    last.equals(wanted)
                                            && System.nanoTime() - lastOther > QUIET.toNanos());
            return done ? Duration.ofNanos(Math.max(0, lastOther - since)) : Duration.ofSeconds(10);
        }
    }
}
