// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.conformance.load.Answer;
import io.weft.conformance.load.LoadClient;
import io.weft.conformance.load.LoadReport;
import io.weft.conformance.load.LoadRun;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One of two instances is killed under traffic, once its application alone, once application and
 * agent: at most one request in two hundred fails, and after two seconds none goes there.
 */
final class InstanceDrill implements Drill {

    private static final double RATE = 500;
    private static final double MOST_FAILED = 0.005;
    private static final int SECONDS_BEFORE = 3;
    private static final int SECONDS_AFTER = 6;

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("instance: one of two killed under traffic");
        one(root, findings, "application", false);
        one(root, findings, "application and agent", true);
        return findings.end();
    }

    private static void one(Path root, Findings findings, String what, boolean agentToo)
            throws Exception {
        try (var stack = new Stack(root)) {
            stack.policy(OrdersPolicy.FILE, OrdersPolicy.weights(100, 0));
            stack.startControlPlane();
            stack.trainAgents();
            stack.startInstance("orders", "v1", "orders-a");
            stack.startInstance("orders", "v1", "orders-b");
            stack.startEdge();
            var answers = new Answers();
            var plan = Steady.plan(stack.edge(), RATE, "shop.example");
            Steady.reach(plan);
            try (LoadRun load = LoadClient.start(plan, answers::note)) {
                TimeUnit.SECONDS.sleep(SECONDS_BEFORE);
                long before = answers.ofVictim.get();
                stack.kill("orders-a-app");
                if (agentToo) {
                    stack.kill("orders-a");
                }
                answers.killedAt = System.nanoTime();
                TimeUnit.SECONDS.sleep(2);
                long failedSoFar = bad(load.report());
                TimeUnit.SECONDS.sleep(SECONDS_AFTER - 2);
                report(findings, what, load.stop(), before, failedSoFar, answers);
            }
        }
    }

    private static void report(
            Findings findings,
            String what,
            LoadReport load,
            long before,
            long failedSoFar,
            Answers answers) {
        findings.note(what + ": answers of the instance before", Long.toString(before));
        long bad = bad(load);
        // Counted against the requests since the kill: nothing else is at risk.
        double share = bad / (RATE * SECONDS_AFTER);
        findings.check(
                what + ": failed of " + (int) (RATE * SECONDS_AFTER) + " requests since the kill",
                "%d (%.2f %%)".formatted(bad, share * 100),
                "at most 0.5 %",
                share <= MOST_FAILED);
        long late = bad - failedSoFar;
        findings.check(
                what + ": failed later than 2 s after", late + "", "0", late == 0 && before > 0);
        findings.check(
                what + ": answers after the kill that claim to be the instance's",
                answers.afterKill.get() + "",
                "0",
                answers.afterKill.get() == 0);
        load.samples().forEach(sample -> findings.note("failure", sample));
    }

    private static long bad(LoadReport load) {
        return load.failed() + load.answered() - load.answered(200);
    }

    private static final class Answers {
        private final AtomicLong ofVictim = new AtomicLong();
        private final AtomicLong afterKill = new AtomicLong();
        private volatile long killedAt;

        private void note(Answer answer) {
            if (answer.header(DrillApp.INSTANCE).orElse("").equals("orders-a")) {
                ofVictim.incrementAndGet();
                if (killedAt != 0 && System.nanoTime() - killedAt > 200_000_000L) {
                    afterKill.incrementAndGet();
                }
            }
        }
    }
}
