// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.weft.configserver.fixture.FeedClient;
import io.weft.configserver.fixture.TestControlPlane;
import io.weft.configserver.fixture.TestMesh;
import io.weft.configserver.state.DurableFile;
import io.weft.dataplane.identity.AuthClient;
import io.weft.dataplane.identity.Enrolment;
import io.weft.dataplane.identity.IdentitySettings;
import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.loop.Transport;
import io.weft.dataplane.loop.Workers;
import io.weft.policy.feed.ApiKey;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeyFollowerTest {

    /** The promise is 5 s to the proxies, of which most is for the way there. */
    private static final Duration SOON = Duration.ofSeconds(4);

    private static final String HASH = "ab".repeat(32);
    private static final String NONE = "{\"sequence\":3,\"keys\":[]}";
    private static final String ONE =
            """
            {"sequence":4,"keys":[{"id":"x","sha256":"%s","client":"reporting","scopes":["a"],
             "roles":[],"created":"2026-01-01T00:00:00Z","expires":"2027-01-01T00:00:00Z"}]}"""
                    .formatted(HASH);
    private static final FeedMessage.ApiKeys REPORTING =
            new FeedMessage.ApiKeys(
                    List.of(
                            new ApiKey(
                                    HASH,
                                    "reporting",
                                    List.of("a"),
                                    List.of(),
                                    Instant.parse("2027-01-01T00:00:00Z"))));

    private final Workers workers = Workers.start(Transport.byDefault(), 1);
    private final WorkloadIdentity identity = new WorkloadIdentity();
    private final List<FeedMessage.ApiKeys> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger unchanged = new AtomicInteger();

    @TempDir private Path directory;

    private HttpsServer authService;
    private Enrolment enrolment;
    private volatile String listing = ONE;

    @BeforeEach
    void start() throws IOException {
        authService =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        authService.setHttpsConfigurator(new HttpsConfigurator(TestMesh.client("auth-service")));
        authService.createContext(
                "/api-keys",
                exchange -> {
                    String tag = "\"" + listing.hashCode() + "\"";
                    boolean known =
                            tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
                    exchange.getResponseHeaders().add("ETag", tag);
                    if (known) {
                        unchanged.incrementAndGet();
                    }
                    byte[] body = listing.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(known ? 304 : 200, known ? -1 : body.length);
                    if (!known) {
                        exchange.getResponseBody().write(body);
                    }
                    exchange.close();
                });
        authService.start();
        TestMesh.enrol(directory);
        enrolment =
                new Enrolment(
                        IdentitySettings.of(
                                ServiceName.parse("config-server"),
                                URI.create("https://127.0.0.1:1"),
                                null,
                                null,
                                null,
                                null,
                                directory.resolve("identity")),
                        identity,
                        workers.all().getFirst(),
                        Clock.systemUTC());
        enrolment.start();
    }

    @AfterEach
    void stop() {
        authService.stop(0);
        enrolment.close();
        workers.close();
    }

    private ApiKeyFollower follow() {
        var follower =
                new ApiKeyFollower(
                        new AuthClient(
                                URI.create(
                                        "https://127.0.0.1:" + authService.getAddress().getPort()),
                                workers.all().getFirst()),
                        identity,
                        new DurableFile(directory.resolve("api-keys.ndjson")),
                        told::add);
        follower.start();
        return follower;
    }

    @Test
    void tellsWhatIsNewOnce() {
        try (ApiKeyFollower _ = follow()) {
            await().atMost(SOON).until(() -> !told.isEmpty());
            await().atMost(SOON).until(() -> unchanged.get() > 0);
            assertThat(told).containsExactly(REPORTING);

            listing = NONE;
            await().atMost(SOON).until(() -> told.size() > 1);
            assertThat(told.getLast().keys()).isEmpty();
        }
    }

    @Test
    void remembersWhatItWasTold() {
        try (ApiKeyFollower _ = follow()) {
            await().atMost(SOON).until(() -> !told.isEmpty());
            await().atMost(SOON).until(() -> unchanged.get() > 0);
        }
        listing = "nonsense";
        told.clear();

        try (ApiKeyFollower _ = follow()) {
            assertThat(told).containsExactly(REPORTING);
        }
    }

    private static String keyed(String service) {
        return """
        weft:
          services: { orders: {}, catalog: {} }
          access:
            by-key: { to: { services: [%s] }, user: { api-key: any }, effect: allow }
        """
                .formatted(service);
    }

    @Test
    void theFeedTellsThemBeforeThePolicyAndWheneverTheyChange(@TempDir Path other)
            throws Exception {
        try (TestControlPlane plane = TestControlPlane.start(other)) {
            plane.publish("shop.yml", keyed("orders"));
            plane.hub().tell(REPORTING);
            try (FeedClient orders = FeedClient.agent(plane.port(), "orders-1", "orders")) {
                assertThat(orders.next(FeedMessage.ApiKeys.class)).isEqualTo(REPORTING);
                orders.next(FeedMessage.Snapshot.class);
                plane.hub().tell(new FeedMessage.ApiKeys(List.of()));
                assertThat(orders.next(FeedMessage.ApiKeys.class).keys()).isEmpty();
            }
        }
    }

    @Test
    void theFeedTellsThemOnlyWhoseRulesAskAndTheEdge(@TempDir Path other) throws Exception {
        try (TestControlPlane plane = TestControlPlane.start(other)) {
            plane.publish("shop.yml", keyed("orders"));
            plane.hub().tell(REPORTING);
            try (FeedClient orders = FeedClient.agent(plane.port(), "orders-1", "orders");
                    FeedClient catalog = FeedClient.agent(plane.port(), "catalog-1", "catalog");
                    FeedClient edge = FeedClient.edge(plane.port(), "edge-1")) {
                assertThat(orders.next(FeedMessage.ApiKeys.class)).isEqualTo(REPORTING);
                assertThat(edge.next(FeedMessage.ApiKeys.class)).isEqualTo(REPORTING);
                catalog.next(FeedMessage.Snapshot.class);

                plane.publish("shop.yml", keyed("catalog"));
                assertThat(catalog.next(FeedMessage.ApiKeys.class)).isEqualTo(REPORTING);
                catalog.next(FeedMessage.Delta.class);
                orders.next(FeedMessage.Delta.class);
                assertThat(orders.next(FeedMessage.ApiKeys.class).keys()).isEmpty();
            }
        }
    }
}
