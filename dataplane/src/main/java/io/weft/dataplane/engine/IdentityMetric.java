// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.weft.dataplane.identity.Credentials;
import io.weft.dataplane.identity.WorkloadIdentity;

/**
 * When this proxy's certificate ends, as {@code weft_certificate_expiry_timestamp_seconds}; without
 * one there is no such sample.
 */
public final class IdentityMetric implements Collector {

    private final WorkloadIdentity identity;

    public IdentityMetric(WorkloadIdentity identity) {
        this.identity = identity;
    }

    @Override
    public MetricSnapshot collect() {
        var snapshot =
                GaugeSnapshot.builder()
                        .name("weft_certificate_expiry_timestamp_seconds")
                        .help("When the certificate of this proxy ends.");
        Credentials credentials = identity.credentials();
        if (credentials != null && credentials.id() != null) {
            snapshot.dataPoint(
                    GaugeSnapshot.GaugeDataPointSnapshot.builder()
                            .value((double) credentials.notAfter().getEpochSecond())
                            .labels(Labels.of("identity", String.valueOf(credentials.id())))
                            .build());
        }
        return snapshot.build();
    }
}
