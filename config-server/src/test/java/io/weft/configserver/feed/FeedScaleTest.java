// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Timer;
import io.weft.configserver.fixture.FeedClient;
import io.weft.configserver.fixture.TestControlPlane;
import io.weft.configserver.fixture.TestPolicies;
import io.weft.policy.feed.FeedMessage.Acknowledge;
import io.weft.policy.feed.FeedMessage.Delta;
import io.weft.policy.feed.FeedMessage.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedScaleTest {

    private static final int SUBSCRIBERS = 1000;

    /** Each with a rule of its own, which changes in each round. */
    private static final int WORKLOADS = 50;

    private static final int ROUNDS = 10;

    @TempDir Path directory;

    @Test
    void thousandSubscribersLearnOfChangeAtOnce() throws Exception {
        var clients = new ArrayList<FeedClient>();
        try (var plane = TestControlPlane.start(directory)) {
            plane.publish("shop.yml", policy(0));
            var arrivals = new long[SUBSCRIBERS];
            var arrived = new AtomicInteger();
            for (int i = 0; i < SUBSCRIBERS; i++) {
                clients.add(subscribe(plane, i, arrivals, arrived));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> arrived.get() == SUBSCRIBERS);

            var all = new ArrayList<Long>();
            for (int round = 1; round <= ROUNDS; round++) {
                arrived.set(0);
                long written = System.nanoTime();
                plane.publish("shop.yml", policy(round));
                await().atMost(FeedClient.PATIENCE).until(() -> arrived.get() == SUBSCRIBERS);
                Arrays.stream(arrivals).forEach(each -> all.add(each - written));
            }
            await().until(() -> acknowledged(plane) == SUBSCRIBERS);
            report(all, plane.meters().get("weft.policy.propagation").timer());
            assertThat(percentile(all, 99)).isLessThan(Duration.ofSeconds(5));
        } finally {
            for (FeedClient client : clients) {
                client.close();
            }
        }
    }

    private static String policy(int round) {
        var rules = new StringBuilder("  access:\n");
        for (int i = 0; i < WORKLOADS; i++) {
            rules.append("    rule-%d:\n".formatted(i))
                    .append("      to: { services: [shop-%d], paths: [/%d] }\n".formatted(i, round))
                    .append("      user: anyone\n")
                    .append("      effect: allow\n");
        }
        return TestPolicies.services("shop", WORKLOADS) + rules;
    }

    private static FeedClient subscribe(
            TestControlPlane plane, int number, long[] arrivals, AtomicInteger arrived)
            throws IOException {
        String workload = "shop-" + number % WORKLOADS;
        FeedClient client = FeedClient.connect(plane.port(), workload);
        client.onMessage(
                message -> {
                    if (message instanceof Delta || message instanceof Snapshot) {
                        arrivals[number] = System.nanoTime();
                        acknowledge(plane, client);
                        arrived.incrementAndGet();
                    }
                });
        client.say(FeedClient.hello("agent-" + number, workload));
        return client;
    }

    private static void acknowledge(TestControlPlane plane, FeedClient client) {
        try {
            client.say(new Acknowledge(plane.version()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long acknowledged(TestControlPlane plane) {
        return plane.hub().subscribers().stream()
                .filter(each -> each.version().equals(plane.version()))
                .count();
    }

    private static Duration percentile(List<Long> nanos, int percent) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return Duration.ofNanos(sorted.get(sorted.size() * percent / 100));
    }

    private static void report(List<Long> nanos, Timer propagation) {
        System.out.printf(
                "%d subscribers, %d changes: written to received p50 %d ms, p99 %d ms;"
                        + " published to acknowledged mean %.1f ms, longest %.1f ms%n",
                SUBSCRIBERS,
                ROUNDS,
                percentile(nanos, 50).toMillis(),
                percentile(nanos, 99).toMillis(),
                propagation.mean(TimeUnit.MILLISECONDS),
                propagation.max(TimeUnit.MILLISECONDS));
    }
}
