// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.weft.policy.request.Plane;
import io.weft.policy.snapshot.PolicyVersion;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What is measured about the way of a policy to the proxies. */
public final class FeedMetrics {

    /** Around the goal, 30 ms for 99 of 100. */
    private static final Duration[] BUCKETS =
            IntStream.of(1, 2, 5, 10, 20, 30, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)
                    .mapToObj(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final MeterRegistry meters;
    private final MultiGauge version;
    private final Timer propagation;

    public FeedMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.version =
                MultiGauge.builder("weft.policy.version.info")
                        .description("The published version")
                        .register(meters);
        this.propagation =
                Timer.builder("weft.policy.propagation")
                        .description("From publication to a proxy's acknowledgement")
                        .serviceLevelObjectives(BUCKETS)
                        .register(meters);
    }

    /** Follows the number of subscribers of a hub. */
    public void follow(FeedHub hub) {
        for (Plane plane : Plane.values()) {
            Gauge.builder("weft.feed.subscribers", hub, all -> count(all, plane))
                    .description("Proxies that follow the feed")
                    .tag("plane", plane.label())
                    .register(meters);
        }
    }

    private static long count(FeedHub hub, Plane plane) {
        return hub.subscribers().stream().filter(each -> each.hello().plane() == plane).count();
    }

    void published(PolicyVersion published) {
        Tags tags = Tags.of("version", published.toString(), "hash", published.hash());
        version.register(List.of(Row.of(tags, 1)), true);
    }

    void propagated(long nanos) {
        propagation.record(Duration.ofNanos(nanos));
    }
}
