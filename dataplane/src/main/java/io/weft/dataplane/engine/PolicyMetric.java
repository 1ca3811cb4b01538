// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.Routing;
import io.weft.policy.snapshot.PolicyVersion;

/** Which policy this proxy runs, as {@code weft_policy_version_info}. */
public final class PolicyMetric implements Collector {

    private final Routing routing;

    public PolicyMetric(Routing routing) {
        this.routing = routing;
    }

    @Override
    public MetricSnapshot collect() {
        Plan plan = routing.plan();
        PolicyVersion version = plan == null ? PolicyVersion.NONE : plan.policy().version();
        return InfoSnapshot.builder()
                .name("weft_policy_version")
                .help("The policy in force.")
                .dataPoint(
                        InfoSnapshot.InfoDataPointSnapshot.builder()
                                .labels(
                                        Labels.of(
                                                "version", version.toString(),
                                                "hash", version.hash()))
                                .build())
                .build();
    }
}
