// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver;

import io.weft.configserver.feed.FeedServer;
import io.weft.configserver.publish.PolicyState;
import io.weft.configserver.publish.Publisher;
import io.weft.dataplane.identity.WorkloadIdentity;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up once a policy is in force and proxies can get it. Problems of documents are not illness. */
final class ControlPlaneHealthIndicator implements HealthIndicator {

    private final Publisher publisher;
    private final FeedServer feed;
    private final WorkloadIdentity identity;

    ControlPlaneHealthIndicator(Publisher publisher, FeedServer feed, WorkloadIdentity identity) {
        this.identity = identity;
        this.publisher = publisher;
        this.feed = feed;
    }

    @Override
    public Health health() {
        PolicyState state = publisher.state();
        if (state.published() == null) {
            return Health.outOfService().withDetail("policy", "none is published yet").build();
        }
        if (!feed.isListening()) {
            return Health.outOfService().withDetail("feed", "does not listen").build();
        }
        if (!identity.isValid()) {
            return Health.outOfService()
                    .withDetail("identity", "there is none yet, or it has ended")
                    .build();
        }
        return Health.up()
                .withDetail("policy", state.published().version().toString())
                .withDetail("problems", state.problems().size())
                .withDetail("held", state.held() != null)
                .build();
    }
}
