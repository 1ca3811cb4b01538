// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.weft.policy.access.Effect;
import io.weft.policy.access.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The traffic metrics of one proxy, under the names and labels that edge and mesh share. The number
 * of series is bounded: beyond it, routes are counted as {@code other}.
 */
public final class Traffic implements MultiCollector {

    /** Series of one proxy; about 1 KiB each and loop once they have traffic. */
    private static final int MAX_SERIES = 2_000;

    private static final String OTHER = "other";

    private final String plane;
    private final int loops;
    private final Map<SeriesKey, Series> series = new ConcurrentHashMap<>();
    private final Map<DecisionKey, LongAdder> decisions = new ConcurrentHashMap<>();
    private final Map<CopyKey, LongAdder> copies = new ConcurrentHashMap<>();

    /**
     * @param plane {@code edge} or {@code mesh}
     * @param loops how many event loops count
     */
    public Traffic(String plane, int loops) {
        this.plane = plane;
        this.loops = loops;
    }

    private record CopyKey(String route, String destination, String outcome) {}

    private record DecisionKey(String rule, Effect effect, Mode mode) {}

    /** The counters of a label set; the same ones every time. */
    public Series series(SeriesKey key) {
        Series known = series.get(key);
        if (known != null) {
            return known;
        }
        SeriesKey bounded =
                series.size() < MAX_SERIES
                        ? key
                        : new SeriesKey(key.reporter(), OTHER, OTHER, "", OTHER);
        return series.computeIfAbsent(bounded, each -> new Series(each, loops));
    }

    /** The counter of a rule's decisions; the same one every time. */
    public LongAdder decisions(String rule, Effect effect, Mode mode) {
        return decisions.computeIfAbsent(new DecisionKey(rule, effect, mode), _ -> new LongAdder());
    }

    /**
     * The counter of what became of the copies of a route's requests; the same one every time.
     *
     * @param outcome one word
     */
    public LongAdder copies(String route, String destination, String outcome) {
        var key = new CopyKey(route, destination, outcome);
        LongAdder known = copies.get(key);
        if (known != null) {
            return known;
        }
        return copies.computeIfAbsent(
                copies.size() < MAX_SERIES ? key : new CopyKey(OTHER, OTHER, outcome),
                _ -> new LongAdder());
    }

    @Override
    public MetricSnapshots collect() {
        return new MetricSnapshots(requests(), durations(), decisionCounts(), copyCounts());
    }

    private CounterSnapshot copyCounts() {
        var snapshot =
                CounterSnapshot.builder()
                        .name("weft_mirrored_requests")
                        .help("Copies of requests, by what became of them.");
        copies.forEach(
                (key, count) ->
                        snapshot.dataPoint(
                                CounterSnapshot.CounterDataPointSnapshot.builder()
                                        .value((double) count.sum())
                                        .labels(
                                                Labels.of(
                                                        "plane", plane,
                                                        "route", key.route,
                                                        "destination", key.destination,
                                                        "outcome", key.outcome))
                                        .build()));
        return snapshot.build();
    }

    private CounterSnapshot requests() {
        var points = new ArrayList<CounterSnapshot.CounterDataPointSnapshot>();
        for (Series each : series.values()) {
            Series.Counts total = each.total();
            for (int i = 0; i < Series.Counts.CAPACITY; i++) {
                if (total.requests[i] == 0) {
                    continue;
                }
                int packed = total.keys[i];
                Labels labels =
                        labels(each.key())
                                .merge(
                                        Labels.of(
                                                "method",
                                                Series.Counts.method(packed).name(),
                                                "code",
                                                Integer.toString(Series.Counts.status(packed)),
                                                "flag",
                                                Series.Counts.flag(packed).label()));
                points.add(
                        CounterSnapshot.CounterDataPointSnapshot.builder()
                                .value((double) total.requests[i])
                                .labels(labels)
                                .build());
            }
        }
        var snapshot =
                CounterSnapshot.builder().name("weft_requests").help("Requests that have ended.");
        points.forEach(snapshot::dataPoint);
        return snapshot.build();
    }

    private HistogramSnapshot durations() {
        var snapshot =
                HistogramSnapshot.builder()
                        .name("weft_request_duration_seconds")
                        .help("From the request's head to the end of its response.");
        for (Series each : series.values()) {
            Series.Counts total = each.total();
            for (int codeClass = 0; codeClass < Series.Counts.CLASSES; codeClass++) {
                long[] buckets = total.buckets[codeClass];
                if (buckets != null) {
                    Labels labels =
                            labels(each.key()).merge(Labels.of("code_class", codeClass + "xx"));
                    snapshot.dataPoint(
                            HistogramSnapshot.HistogramDataPointSnapshot.builder()
                                    .labels(labels)
                                    .sum(total.sums[codeClass] / 1e9)
                                    .classicHistogramBuckets(buckets(buckets))
                                    .build());
                }
            }
        }
        return snapshot.build();
    }

    private static ClassicHistogramBuckets buckets(long[] counts) {
        List<Double> bounds = new ArrayList<>();
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            bounds.add(i < Series.BOUNDS.length ? Series.BOUNDS[i] : Double.POSITIVE_INFINITY);
            values.add(counts[i]);
        }
        return ClassicHistogramBuckets.of(bounds, values);
    }

    private Labels labels(SeriesKey key) {
        return Labels.of(
                "plane", plane,
                "reporter", key.reporter(),
                "source", key.source(),
                "destination", key.destination(),
                "version", key.version(),
                "route", key.route());
    }

    private CounterSnapshot decisionCounts() {
        var snapshot =
                CounterSnapshot.builder()
                        .name("weft_decisions")
                        .help("Access decisions by the rule that made them.");
        decisions.forEach(
                (key, count) ->
                        snapshot.dataPoint(
                                CounterSnapshot.CounterDataPointSnapshot.builder()
                                        .value((double) count.sum())
                                        .labels(
                                                Labels.of(
                                                        "rule", key.rule,
                                                        "effect", lower(key.effect),
                                                        "mode", lower(key.mode)))
                                        .build()));
        return snapshot.build();
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
