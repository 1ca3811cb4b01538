// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.control;

import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.subscription.Subscription;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up once there are a policy and an identity, whether the control plane is there or not. */
public final class PolicyHealthIndicator implements HealthIndicator {

    private final Routing routing;
    private final WorkloadIdentity identity;
    private final Subscription subscription;

    public PolicyHealthIndicator(
            Routing routing, WorkloadIdentity identity, Subscription subscription) {
        this.identity = identity;
        this.routing = routing;
        this.subscription = subscription;
    }

    @Override
    public Health health() {
        Plan plan = routing.plan();
        boolean valid = identity.isValid();
        Health.Builder health = plan == null || !valid ? Health.outOfService() : Health.up();
        return health.withDetail(
                        "version", plan == null ? "none" : plan.policy().version().toString())
                .withDetail(
                        "control-plane", subscription.isConnected() ? "connected" : "away: stale")
                .withDetail("identity", valid ? "valid" : "none")
                .build();
    }
}
