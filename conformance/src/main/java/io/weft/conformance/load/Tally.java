// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** The counters of a run. */
final class Tally {

    private static final long HIGHEST_MICROSECONDS = 3_600_000_000L;
    private static final int SAMPLES_OF_A_KIND = 3;

    private final Histogram latencies = new Histogram(HIGHEST_MICROSECONDS, 3);
    private final SortedMap<Integer, Long> answers = new TreeMap<>();
    private final EnumMap<FailureKind, Long> failures = new EnumMap<>(FailureKind.class);
    private final List<String> samples = new ArrayList<>();
    private long sent;
    private long outstanding;

    synchronized void sent() {
        sent++;
        outstanding++;
    }

    synchronized void answered(int status, long latencyNanos) {
        outstanding--;
        answers.merge(status, 1L, Long::sum);
        latencies.recordValue(Math.clamp(latencyNanos / 1000, 0, HIGHEST_MICROSECONDS));
    }

    synchronized void failed(FailureKind kind, String sample) {
        outstanding--;
        count(kind, sample);
    }

    /** Something went wrong that belongs to no request. */
    synchronized void disturbed(String sample) {
        count(FailureKind.MALFORMED, sample);
    }

    synchronized long outstanding() {
        return outstanding;
    }

    synchronized LoadReport report(Duration elapsed) {
        return new LoadReport(
                elapsed,
                sent,
                new TreeMap<>(answers),
                new TreeMap<>(failures),
                List.copyOf(samples),
                latencies.copy());
    }

    private void count(FailureKind kind, String sample) {
        if (failures.merge(kind, 1L, Long::sum) <= SAMPLES_OF_A_KIND) {
            samples.add(kind + ": " + sample);
        }
    }
}
