// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.configserver.fixture.FeedClient;
import io.weft.configserver.fixture.TestControlPlane;
import io.weft.configserver.fixture.TestPolicies;
import io.weft.configserver.registry.Registry;
import io.weft.policy.feed.FeedMessage.Acknowledge;
import io.weft.policy.feed.FeedMessage.Endpoints;
import io.weft.policy.feed.FeedMessage.Register;
import io.weft.policy.feed.FeedMessage.Snapshot;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.snapshot.PolicyVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control plane goes down and comes back. */
class RestartTest {

    private static final ServiceName ORDERS = ServiceName.parse("orders");

    @TempDir Path directory;

    @Test
    void tellsTheSameThoughItsDocumentsAreBrokenNow() throws Exception {
        var instance = new Instance("orders-1", ORDERS, new TreeMap<>(), "127.0.0.1", 7001);
        PolicyVersion version;
        try (var plane = TestControlPlane.start(directory);
                var agent = FeedClient.agent(plane.port(), "orders-1", "orders")) {
            version = plane.publish("shop.yml", TestPolicies.ordersSplit(95, 5));
            agent.say(new Register(instance));
            await().until(() -> agent.next(Endpoints.class).instances().contains(instance));
        }
        Files.writeString(directory.resolve("policy/shop.yml"), "weft: {");

        try (var plane = TestControlPlane.start(directory);
                var caller = FeedClient.agent(plane.port(), "caller", "storefront")) {
            Snapshot snapshot = caller.next(Snapshot.class);
            assertThat(snapshot.version()).isEqualTo(version);
            assertThat(snapshot.objects()).hasSize(2);
            assertThat(snapshot.endpoints().get(ORDERS)).containsExactly(instance);
            assertThat(plane.publisher().state().problems()).hasSize(1);

            caller.say(new Acknowledge(version));
            plane.advance(Registry.GRACE);
            await().until(() -> plane.registry().entries().isEmpty());
        }
    }

    @Test
    void beginsAnEpochAboveWhatProxiesRemember() throws Exception {
        try (var plane = TestControlPlane.start(directory)) {
            PolicyVersion ours = plane.publish("shop.yml", TestPolicies.ordersSplit(95, 5));
            try (var agent = FeedClient.agent(plane.port(), "a", "orders")) {
                agent.next(Snapshot.class);
                var theirs = new PolicyVersion(ours.epoch(), ours.number() + 5, "f".repeat(16));
                agent.say(new Acknowledge(theirs));

                assertThat(agent.next(Snapshot.class).version()).isGreaterThan(theirs);
            }
        }
    }
}
