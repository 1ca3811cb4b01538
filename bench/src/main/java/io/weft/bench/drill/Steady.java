// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.conformance.load.LoadClient;
import io.weft.conformance.load.LoadPlan;
import io.weft.conformance.load.LoadReport;
import io.weft.conformance.load.LoadRun;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Brings traffic to its rate before anything is promised about it: JVMs that have just started
 * compile while they serve, and seven of them on two cores cannot carry it at once.
 */
final class Steady {

    private static final int SLICE_SECONDS = 3;
    private static final int MOST_SLICES = 25;
    private static final Duration CARRIED = Duration.ofMillis(100);

    /** A client that keeps its rate whatever happens: only an answer that does not come counts. */
    private static final int CONNECTIONS = 2_000;

    private Steady() {}

    /** Asks for an order, so many times a second. */
    static LoadPlan plan(InetSocketAddress target, double rate, String host) {
        return LoadPlan.get(target, rate, "/orders/42", "Host: " + host)
                .withConnections(CONNECTIONS);
    }

    /** Raises the rate in steps, and returns when all of it is carried without delay. */
    static void reach(LoadPlan plan) throws IOException, InterruptedException {
        reach(plan, CARRIED);
    }

    /**
     * As {@link #reach(LoadPlan)}, where no more is promised than that nothing fails.
     *
     * @param carried what 99 of 100 answers may take
     */
    static void reach(LoadPlan plan, Duration carried) throws IOException, InterruptedException {
        double rate = plan.rate() / 16;
        String last = "";
        for (int slice = 0; slice < MOST_SLICES; slice++) {
            LoadReport report = slice(plan, rate);
            last = report.toString();
            boolean isCarried =
                    report.answered(200) == report.sent()
                            && report.percentile(99).compareTo(carried) < 0;
            if (isCarried && rate >= plan.rate()) {
                return;
            }
            if (isCarried) {
                rate = Math.min(plan.rate(), rate * 2);
            }
        }
        throw new IllegalStateException(
                plan.rate() + " requests/s are not carried by this machine: " + last);
    }

    private static LoadReport slice(LoadPlan plan, double rate)
            throws IOException, InterruptedException {
        var slower =
                new LoadPlan(
                        plan.target(), rate, plan.connections(), plan.timeout(), plan.requests());
        try (LoadRun run = LoadClient.start(slower)) {
            TimeUnit.SECONDS.sleep(SLICE_SECONDS);
            return run.stop();
        }
    }
}
