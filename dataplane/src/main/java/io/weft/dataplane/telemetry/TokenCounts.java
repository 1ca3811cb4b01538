// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What became of users' tokens, and of the attempts to fetch the keys that verify them. */
public final class TokenCounts implements MultiCollector {

    private static final String ACCEPTED = "accepted";

    private final LongAdder accepted = new LongAdder();
    private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();
    private final LongAdder fetched = new LongAdder();
    private final LongAdder notFetched = new LongAdder();

    public void accepted() {
        accepted.increment();
    }

    /**
     * @param reason one of a few words
     */
    public void refused(String reason) {
        refused.computeIfAbsent(reason, _ -> new LongAdder()).increment();
    }

    public void fetched(boolean good) {
        (good ? fetched : notFetched).increment();
    }

    @Override
    public MetricSnapshots collect() {
        var checks =
                CounterSnapshot.builder()
                        .name("weft_token_checks")
                        .help("Users' tokens by what became of them.")
                        .dataPoint(point(accepted, ACCEPTED));
        refused.forEach((reason, count) -> checks.dataPoint(point(count, reason)));
        var fetches =
                CounterSnapshot.builder()
                        .name("weft_token_key_fetches")
                        .help("Attempts to fetch the keys of an issuer.")
                        .dataPoint(point(fetched, "fetched"))
                        .dataPoint(point(notFetched, "failed"));
        return new MetricSnapshots(checks.build(), fetches.build());
    }

    private static CounterDataPointSnapshot point(LongAdder count, String result) {
        return CounterDataPointSnapshot.builder()
                .value((double) count.sum())
                .labels(Labels.of("result", result))
                .build();
    }
}
