// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.control;

import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.subscription.Subscription;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up once there is a policy, whether the control plane is there or not. */
public final class PolicyHealthIndicator implements HealthIndicator {

    private final Routing routing;
    private final Subscription subscription;

    public PolicyHealthIndicator(Routing routing, Subscription subscription) {
        this.routing = routing;
        this.subscription = subscription;
    }

    @Override
    public Health health() {
        Plan plan = routing.plan();
        Health.Builder health = plan == null ? Health.outOfService() : Health.up();
        return health.withDetail(
                        "version", plan == null ? "none" : plan.policy().version().toString())
                .withDetail(
                        "control-plane", subscription.isConnected() ? "connected" : "away: stale")
                .withDetail("encryption", "traffic to agents is not encrypted")
                .build();
    }
}
