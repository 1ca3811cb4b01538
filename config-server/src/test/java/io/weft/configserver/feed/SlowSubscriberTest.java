// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.configserver.fixture.FeedClient;
import io.weft.configserver.fixture.TestControlPlane;
import io.weft.configserver.fixture.TestPolicies;
import io.weft.configserver.registry.StreamId;
import io.weft.policy.feed.FeedMessage.Acknowledge;
import io.weft.policy.feed.FeedMessage.Delta;
import io.weft.policy.feed.FeedMessage.FromControlPlane;
import io.weft.policy.feed.FeedMessage.Snapshot;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowSubscriberTest {

    private static final ServiceName ORDERS = ServiceName.parse("orders");

    private static final int RECEIVE_BUFFER = 1 << 20;

    @TempDir Path directory;
    private TestControlPlane plane;

    /** With a snapshot of 12 MiB, more than socket buffers swallow. */
    @BeforeEach
    void start() throws Exception {
        plane = TestControlPlane.start(directory);
        plane.publish("orders.yml", TestPolicies.services("orders"));
        var padding = new TreeMap<>(Map.of("padding", "x".repeat(60_000)));
        for (int i = 0; i < 200; i++) {
            plane.registry()
                    .register(
                            new StreamId(-i / 10),
                            new Instance("i-" + i, ORDERS, padding, "10.0.0.1", 80));
        }
        long revision = plane.registry().update().revision();
        await().until(() -> plane.hub().view().endpointsRevision() >= revision);
    }

    @AfterEach
    void stop() throws IOException {
        plane.close();
    }

    private FeedClient slow() throws IOException {
        var slow = FeedClient.connectWithoutReading(plane.port(), "orders", RECEIVE_BUFFER);
        slow.say(FeedClient.hello("slow", "orders"));
        await().until(() -> plane.hub().subscribers().size() == 1);
        return slow;
    }

    @Test
    void skipsWhatHasBecomeOld() throws Exception {
        try (FeedClient slow = slow()) {
            for (int i = 1; i <= 12; i++) {
                plane.publish("other.yml", TestPolicies.services("other-" + i));
            }
            var reached = new AtomicReference<>(PolicyVersion.NONE);
            var snapshots = new AtomicInteger();
            var deltas = new AtomicInteger();
            slow.onMessage(
                    message -> {
                        switch (message) {
                            case Snapshot snapshot -> {
                                snapshots.incrementAndGet();
                                reached.set(snapshot.version());
                            }
                            case Delta _ -> deltas.incrementAndGet();
                            case FromControlPlane _ -> {}
                        }
                    });
            slow.read();

            await().atMost(FeedClient.PATIENCE).until(() -> reached.get().equals(plane.version()));
            assertThat(snapshots).hasValue(2);
            assertThat(deltas).hasValue(0);
        }
    }

    @Test
    void sendsAwayWhoNeverReads() throws Exception {
        try (FeedClient stuck = slow()) {
            for (int second = 1; second <= FeedStream.STUCK.toSeconds(); second++) {
                assertThat(isHere()).isTrue();
                speak(stuck, new PolicyVersion(1, second, "0000000000000000"));
                plane.advance(Duration.ofSeconds(1));
            }

            await().until(() -> !isHere());
        }
    }

    /** Says something and waits until it was heard. */
    private void speak(FeedClient stuck, PolicyVersion version) throws IOException {
        stuck.say(new Acknowledge(version));
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> plane.hub().subscribers().getFirst().version().equals(version));
    }

    private boolean isHere() {
        return !plane.hub().subscribers().isEmpty();
    }
}
