// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import io.weft.conformance.load.AnswerListener;
import io.weft.conformance.load.LoadClient;
import io.weft.conformance.load.LoadPlan;
import io.weft.conformance.load.LoadReport;
import io.weft.conformance.load.LoadRun;
import io.weft.conformance.proxy.ProcessFigures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The same traffic again and again for a few seconds each, under one of several conditions in turn.
 * What differs between slices under the same condition is the machine's doing, and the measure of
 * what a difference between conditions means.
 */
final class Slices {

    private final LoadPlan plan;
    private final AnswerListener listener;
    private final long pid;
    private final int seconds;
    private final List<Slice> all = new ArrayList<>();

    /** What was seen under a condition. */
    private record Slice(
            String condition, Duration median, Duration tail, double cpuMicros, long failed) {}

    /**
     * @param pid of the process whose CPU time is charged to the requests
     * @param seconds that each slice takes
     */
    Slices(LoadPlan plan, AnswerListener listener, long pid, int seconds) {
        this.plan = plan;
        this.listener = listener;
        this.pid = pid;
        this.seconds = seconds;
    }

    /** Measures once. */
    void add(String condition) throws IOException, InterruptedException {
        Duration before = ProcessFigures.of(pid, 0).cpu();
        LoadReport report;
        try (LoadRun run = LoadClient.start(plan, listener)) {
            TimeUnit.SECONDS.sleep(seconds);
            report = run.stop();
        }
        Duration cpu = ProcessFigures.of(pid, 0).cpu().minus(before);
        all.add(
                new Slice(
                        condition,
                        report.percentile(50),
                        report.percentile(99),
                        cpu.toNanos() / 1e3 / Math.max(1, report.answered()),
                        report.failed() + report.answered() - report.answered(200)));
    }

    long failed() {
        return all.stream().mapToLong(Slice::failed).sum();
    }

    /** Notes what the condition did to latency; it must not be more than chance does. */
    void checkLatency(Findings findings, String condition, String usual, String control) {
        checkLatency(findings, condition, usual, control, "p50", Slice::median);
        checkLatency(findings, condition, usual, control, "p99", Slice::tail);
    }

    private void checkLatency(
            Findings findings,
            String condition,
            String usual,
            String control,
            String name,
            Function<Slice, Duration> figure) {
        List<Long> with = micros(condition, figure);
        List<Long> without = micros(usual, figure);
        List<Long> again = micros(control, figure);
        long spread = 0;
        for (int i = 0; i < without.size(); i++) {
            spread = Math.max(spread, Math.abs(without.get(i) - again.get(i)));
        }
        long difference = middle(with) - middle(without);
        findings.check(
                condition + ": " + name + " with and without",
                "%d / %d us".formatted(middle(with), middle(without)),
                "at most +" + spread + " us, as without twice",
                difference <= spread);
    }

    /** Notes what a request costs; under the condition at most so many times as much. */
    void checkCpu(Findings findings, String condition, String usual, double most) {
        Function<Slice, Duration> cpu = each -> Duration.ofNanos((long) (each.cpuMicros * 1e3));
        double ratio = (double) middle(micros(condition, cpu)) / middle(micros(usual, cpu));
        findings.check(
                condition + ": CPU per request with and without",
                "%d / %d us = %.2f"
                        .formatted(
                                middle(micros(condition, cpu)), middle(micros(usual, cpu)), ratio),
                "at most " + most,
                ratio <= most);
    }

    private List<Long> micros(String condition, Function<Slice, Duration> figure) {
        return all.stream()
                .filter(each -> each.condition.equals(condition))
                .map(each -> figure.apply(each).toNanos() / 1_000)
                .toList();
    }

    private static long middle(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
