// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import static org.awaitility.Awaitility.await;

import io.weft.configserver.fixture.FeedClient;
import io.weft.configserver.fixture.TestControlPlane;
import io.weft.configserver.fixture.TestMesh;
import io.weft.configserver.fixture.TestPolicies;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.identity.Enrolment;
import io.weft.dataplane.identity.IdentitySettings;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.loop.Transport;
import io.weft.dataplane.loop.Workers;
import io.weft.dataplane.subscription.Subscription;
import io.weft.dataplane.subscription.SubscriptionSettings;
import io.weft.dataplane.telemetry.TokenCounts;
import io.weft.dataplane.telemetry.Traffic;
import io.weft.dataplane.token.ApiKeys;
import io.weft.dataplane.upstream.UpstreamSettings;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the proxies' own subscription keeps of the feed, for its next start. */
class KeptPolicyTest {

    private static final ServiceName ORDERS = ServiceName.parse("orders");

    @TempDir Path directory;
    private TestControlPlane plane;

    @BeforeEach
    void start() throws IOException {
        plane = TestControlPlane.start(directory.resolve("control-plane"));
        plane.publish("services.yml", TestPolicies.services("orders", "billing"));
        plane.publish("access.yml", rule("billing"));
    }

    @AfterEach
    void stop() throws IOException {
        plane.close();
    }

    private static String rule(String service) {
        return """
        weft:
          tokens:
            secret-token: { issuer: https://id.shop.example, audiences: [shop] }
          access:
            secret-rule:
              to: { services: [%s] }
              user: { token: secret-token }
              effect: allow
        """
                .formatted(service);
    }

    @Test
    void copyOnDiskForgetsWhatNoLongerConcernsItsWorkload() throws Exception {
        Path state = directory.resolve("orders");
        TestMesh.enrol("orders", state);
        var workers = Workers.start(Transport.byDefault(), 1);
        var identity = new WorkloadIdentity();
        IdentitySettings own =
                IdentitySettings.of(
                        ORDERS,
                        URI.create("https://127.0.0.1:1"),
                        null,
                        null,
                        null,
                        null,
                        state.resolve("identity"));
        try (var enrolment =
                        new Enrolment(own, identity, workers.all().getFirst(), Clock.systemUTC());
                var subscription = subscription(state, workers, identity)) {
            enrolment.start();
            subscription.start();
            Path copy = state.resolve("policy.json");
            awaitCopy(copy, "services", true);
            awaitCopy(copy, "secret", false);

            plane.publish("access.yml", rule("orders"));
            awaitCopy(copy, "secret-token", true);
            plane.publish("access.yml", rule("billing"));
            awaitCopy(copy, "secret", false);
            await().until(this::isAtTheVersion);
        } finally {
            workers.close();
        }
    }

    private boolean isAtTheVersion() {
        return plane.hub().subscribers().stream()
                .anyMatch(each -> each.version().equals(plane.version()));
    }

    private Subscription subscription(Path state, Workers workers, WorkloadIdentity identity) {
        var routing =
                new Routing(ORDERS, new Traffic("mesh", 1), UpstreamSettings.DEFAULT, identity, 1);
        return new Subscription(
                new SubscriptionSettings(URI.create("https://127.0.0.1:" + plane.port()), state),
                FeedClient.hello("orders-1", "orders"),
                workers.all().getFirst(),
                identity,
                routing,
                new ApiKeys(new TokenCounts(), Clock.systemUTC()));
    }

    private static void awaitCopy(Path copy, String text, boolean there) {
        await().atMost(FeedClient.PATIENCE)
                .until(() -> Files.exists(copy) && Files.readString(copy).contains(text) == there);
    }
}
