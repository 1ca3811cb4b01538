// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * What a load client saw.
 *
 * @param elapsed from the first intended start to now, or to the last one when the run is over
 * @param sent requests started, those that failed to be sent included
 * @param answers how many answers had which status
 * @param samples descriptions of the first failures of each kind
 * @param latencies of answers, in microseconds from the intended start
 */
public record LoadReport(
        Duration elapsed,
        long sent,
        SortedMap<Integer, Long> answers,
        SortedMap<FailureKind, Long> failures,
        List<String> samples,
        Histogram latencies) {

    /** Requests answered with this status. */
    public long answered(int status) {
        return answers.getOrDefault(status, 0L);
    }

    public long answered() {
        return sum(answers);
    }

    /** Requests without an answer. */
    public long failed() {
        return sum(failures);
    }

    public long failed(FailureKind kind) {
        return failures.getOrDefault(kind, 0L);
    }

    /** Requests started per second. */
    public double achievedRate() {
        return elapsed.isZero() ? 0 : sent * 1e9 / elapsed.toNanos();
    }

    /** The latency that this share of the answers did not exceed, in percent. */
    public Duration percentile(double percent) {
        return Duration.ofNanos(latencies.getValueAtPercentile(percent) * 1000);
    }

    @Override
    public String toString() {
        String outcome =
                "%d sent in %.1f s (%.1f/s), answers %s, failures %s"
                        .formatted(
                                sent, elapsed.toNanos() / 1e9, achievedRate(), answers, failures);
        String times =
                "latency us: p50 %d, p90 %d, p99 %d, p99.9 %d, max %d"
                        .formatted(
                                latencies.getValueAtPercentile(50),
                                latencies.getValueAtPercentile(90),
                                latencies.getValueAtPercentile(99),
                                latencies.getValueAtPercentile(99.9),
                                latencies.getMaxValue());
        return outcome
                + "\n"
                + times
                + samples.stream().map(sample -> "\n  " + sample).collect(Collectors.joining());
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
