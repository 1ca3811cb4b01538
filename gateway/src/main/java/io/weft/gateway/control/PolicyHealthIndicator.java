// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.control;

import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.subscription.Subscription;
import io.weft.dataplane.token.TokenVerifier;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Up once there are a policy, an identity and an answer about token keys, good or bad, whether the
 * control plane is there or not.
 */
public final class PolicyHealthIndicator implements HealthIndicator {

    private final Routing routing;
    private final WorkloadIdentity identity;
    private final TokenVerifier tokens;
    private final Subscription subscription;
    private final Supplier<List<String>> problems;

    /**
     * @param problems what the policy asks for and this gateway cannot do; it is ready for the rest
     */
    public PolicyHealthIndicator(
            Routing routing,
            WorkloadIdentity identity,
            TokenVerifier tokens,
            Subscription subscription,
            Supplier<List<String>> problems) {
        this.identity = identity;
        this.routing = routing;
        this.tokens = tokens;
        this.subscription = subscription;
        this.problems = problems;
    }

    @Override
    public Health health() {
        Plan plan = routing.plan();
        boolean valid = identity.isValid();
        boolean ready = plan != null && valid && tokens.isSettled();
        Health.Builder health = ready ? Health.up() : Health.outOfService();
        List<String> wrong = problems.get();
        if (!wrong.isEmpty()) {
            health.withDetail("problems", wrong);
        }
        return health.withDetail(
                        "version", plan == null ? "none" : plan.policy().version().toString())
                .withDetail(
                        "control-plane", subscription.isConnected() ? "connected" : "away: stale")
                .withDetail("identity", valid ? "valid" : "none")
                .withDetail("token-keys", tokens.isSettled() ? "asked for" : "awaited")
                .build();
    }
}
