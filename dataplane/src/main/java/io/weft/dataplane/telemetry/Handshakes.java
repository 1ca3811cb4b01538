// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many have been let in at the door of the mesh without proof, and how many have not. */
public final class Handshakes implements MultiCollector {

    private final LongAdder plaintext = new LongAdder();
    private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();

    /** A connection in clear was let in, because the service permits it. */
    public void plaintext() {
        plaintext.increment();
    }

    /**
     * A connection was refused.
     *
     * @param reason one of a few words
     */
    public void refused(String reason) {
        refused.computeIfAbsent(reason, _ -> new LongAdder()).increment();
    }

    @Override
    public MetricSnapshots collect() {
        var refusals =
                CounterSnapshot.builder()
                        .name("weft_connections_refused")
                        .help("Inbound connections without proof of an identity of this mesh.");
        refused.forEach(
                (reason, count) ->
                        refusals.dataPoint(
                                CounterSnapshot.CounterDataPointSnapshot.builder()
                                        .value((double) count.sum())
                                        .labels(Labels.of("reason", reason))
                                        .build()));
        return new MetricSnapshots(
                CounterSnapshot.builder()
                        .name("weft_connections_plaintext")
                        .help("Inbound connections in clear, which the service permits.")
                        .dataPoint(
                                CounterSnapshot.CounterDataPointSnapshot.builder()
                                        .value((double) plaintext.sum())
                                        .build())
                        .build(),
                refusals.build());
    }
}
