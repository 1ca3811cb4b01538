// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.configserver.fixture.FeedClient;
import io.weft.configserver.fixture.TestControlPlane;
import io.weft.configserver.fixture.TestPolicies;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.FeedMessage.Acknowledge;
import io.weft.policy.feed.FeedMessage.Delta;
import io.weft.policy.feed.FeedMessage.Deregister;
import io.weft.policy.feed.FeedMessage.Endpoints;
import io.weft.policy.feed.FeedMessage.Heartbeat;
import io.weft.policy.feed.FeedMessage.Hello;
import io.weft.policy.feed.FeedMessage.Refuse;
import io.weft.policy.feed.FeedMessage.Register;
import io.weft.policy.feed.FeedMessage.Snapshot;
import io.weft.policy.feed.Instance;
import io.weft.policy.feed.WireObject;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.ObjectKind;
import io.weft.policy.request.Plane;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedServerTest {

    private static final ServiceName ORDERS = ServiceName.parse("orders");

    @TempDir Path directory;
    private TestControlPlane plane;

    @BeforeEach
    void start() throws IOException {
        plane = TestControlPlane.start(directory);
        plane.publish("shop.yml", TestPolicies.ordersSplit(95, 5));
    }

    @AfterEach
    void stop() throws IOException {
        plane.close();
    }

    private static Instance orders(String id, int port) {
        return new Instance(id, ORDERS, new TreeMap<>(Map.of("version", "v1")), "127.0.0.1", port);
    }

    private static List<String> ids(List<Instance> instances) {
        return instances.stream().map(Instance::id).toList();
    }

    @Test
    void answersHelloWithEverything() throws Exception {
        try (var agent = FeedClient.agent(plane.port(), "a", "orders")) {
            Snapshot snapshot = agent.next(Snapshot.class);

            assertThat(agent.head())
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("content-type: application/x-ndjson")
                    .containsIgnoringCase("transfer-encoding: chunked");
            assertThat(snapshot.version()).isEqualTo(plane.version());
            assertThat(snapshot.trustDomain().name()).isEqualTo("shop.example");
            assertThat(snapshot.objects())
                    .extracting(WireObject::key)
                    .containsExactlyInAnyOrder(
                            new ObjectKey(ObjectKind.SERVICES, "orders"),
                            new ObjectKey(ObjectKind.ROUTES, "orders"));
            assertThat(snapshot.endpoints()).containsOnlyKeys(ORDERS);
        }
    }

    @Test
    void saysNothingBeforeHello() throws Exception {
        try (var silent = FeedClient.connect(plane.port(), "orders");
                var agent = FeedClient.agent(plane.port(), "a", "orders")) {
            agent.next(Snapshot.class);
            plane.publish("shop.yml", TestPolicies.ordersSplit(50, 50));
            agent.next(Delta.class);

            assertThat(silent.status()).isZero();
            assertThat(silent.received()).isEmpty();
        }
    }

    /** T-15 of the hostile inputs. */
    @Test
    void hasRoomForSubscribersWhateverStalls() throws Exception {
        var stalled = new ArrayDeque<Socket>();
        try {
            for (int i = 0; i < 3_000; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), plane.port());
                stalled.add(socket);
                socket.getOutputStream().write(new byte[] {22, 3, 1});
                if (stalled.size() > 1_024) {
                    stalled.removeFirst().close();
                }
            }
            // Subscribers come again when they are sent away: those who came before may be many.
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> {
                                try (var agent = FeedClient.agent(plane.port(), "a", "orders")) {
                                    assertThat(agent.next(Snapshot.class).version())
                                            .isEqualTo(plane.version());
                                }
                            });
        } finally {
            for (Socket each : stalled) {
                each.close();
            }
        }
    }

    @Test
    void tellsOnlyWhatHasChanged() throws Exception {
        try (var agent = FeedClient.agent(plane.port(), "a", "orders")) {
            PolicyVersion first = agent.next(Snapshot.class).version();
            plane.publish("shop.yml", TestPolicies.ordersSplit(50, 50));

            Delta delta = agent.next(Delta.class);
            assertThat(delta.from()).isEqualTo(first);
            assertThat(delta.version()).isEqualTo(plane.version());
            assertThat(delta.changed())
                    .extracting(WireObject::key)
                    .containsExactly(new ObjectKey(ObjectKind.ROUTES, "orders"));
            assertThat(delta.removed()).isEmpty();

            plane.publish("shop.yml", TestPolicies.services("orders"));
            assertThat(agent.next(Delta.class).removed())
                    .containsExactly(new ObjectKey(ObjectKind.ROUTES, "orders"));
        }
    }

    @Test
    void followsEachAcknowledgement() throws Exception {
        try (var agent = FeedClient.agent(plane.port(), "a", "orders")) {
            agent.next(Snapshot.class);
            assertThat(subscriber("a").version()).isEqualTo(PolicyVersion.NONE);

            agent.say(new Acknowledge(plane.version()));
            await().until(() -> subscriber("a").version().equals(plane.version()));

            PolicyVersion next = plane.publish("shop.yml", TestPolicies.ordersSplit(50, 50));
            agent.say(new Refuse(agent.next(Delta.class).version(), List.of("routes/orders: ?")));
            await().until(() -> subscriber("a").version().equals(next));
            assertThat(subscriber("a").refused()).containsExactly("routes/orders: ?");
            assertThat(plane.meters().get("weft.policy.propagation").timer().count()).isOne();
        }
    }

    private Subscriber subscriber(String proxy) {
        return plane.hub().subscribers().stream()
                .filter(each -> each.hello().proxy().equals(proxy))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void tellsInstancesToEverybody() throws Exception {
        try (var caller = FeedClient.agent(plane.port(), "caller", "storefront");
                var callee = FeedClient.agent(plane.port(), "callee", "orders")) {
            caller.next(Snapshot.class);
            callee.say(new Register(orders("orders-1", 7001)));
            Endpoints told = caller.next(Endpoints.class);
            assertThat(told.service()).isEqualTo(ORDERS);
            assertThat(told.instances()).containsExactly(orders("orders-1", 7001));

            callee.say(new Register(orders("orders-1", 7002)));
            assertThat(caller.next(Endpoints.class).instances())
                    .containsExactly(orders("orders-1", 7002));

            callee.say(new Deregister("orders-1"));
            assertThat(caller.next(Endpoints.class).instances()).isEmpty();
        }
    }

    @Test
    void putsInstancesIntoTheSnapshot() throws Exception {
        try (var callee = FeedClient.agent(plane.port(), "callee", "orders")) {
            callee.say(new Register(orders("orders-1", 7001)));
            callee.next(Endpoints.class);
            try (var caller = FeedClient.agent(plane.port(), "caller", "storefront")) {
                assertThat(caller.next(Snapshot.class).endpoints().get(ORDERS))
                        .containsExactly(orders("orders-1", 7001));
            }
        }
    }

    @Test
    void tellsEndpointsOfServiceThatThePolicyDeclaresLater() throws Exception {
        var catalog = ServiceName.parse("catalog");
        try (var callee = FeedClient.agent(plane.port(), "callee", "catalog");
                var caller = FeedClient.agent(plane.port(), "caller", "storefront")) {
            caller.next(Snapshot.class);
            callee.say(
                    new Register(new Instance("catalog-1", catalog, new TreeMap<>(), "::1", 7001)));
            await().until(() -> plane.registry().entries().size() == 1);

            plane.publish("catalog.yml", TestPolicies.services("catalog"));
            assertThat(caller.next(Delta.class).version()).isEqualTo(plane.version());
            Endpoints told = caller.next(Endpoints.class);
            assertThat(told.service()).isEqualTo(catalog);
            assertThat(ids(told.instances())).containsExactly("catalog-1");
        }
    }

    @Test
    void refusesInstanceOfAnotherWorkload() throws Exception {
        try (var agent = FeedClient.agent(plane.port(), "a", "storefront")) {
            agent.say(new Register(orders("orders-1", 7001)));
            agent.say(new Acknowledge(plane.version()));
            await().until(() -> subscriber("a").version().equals(plane.version()));

            assertThat(plane.registry().entries()).isEmpty();
        }
    }

    @Test
    void workloadCannotTakeTheNamesOfAnothersProxyAndInstance() throws Exception {
        var catalog = ServiceName.parse("catalog");
        try (var owner = FeedClient.agent(plane.port(), "a", "orders")) {
            owner.say(new Register(orders("orders-1", 7001)));
            await().until(() -> plane.registry().entries().size() == 1);
            try (var other = FeedClient.agent(plane.port(), "a", "catalog")) {
                other.say(
                        new Register(
                                new Instance("orders-1", catalog, new TreeMap<>(), "::1", 7002)));
                await().until(() -> plane.registry().entries().size() == 2);
                other.say(new FeedMessage.Deregister("orders-1"));
                await().until(() -> plane.registry().entries().size() == 1);

                assertThat(plane.registry().entries().getFirst().instance())
                        .isEqualTo(orders("orders-1", 7001));
                assertThat(plane.hub().subscribers()).hasSize(2);
            }
        }
    }

    @Test
    void keepsInstanceThatReconnects() throws Exception {
        try (var caller = FeedClient.agent(plane.port(), "caller", "storefront")) {
            caller.next(Snapshot.class);
            var before = FeedClient.agent(plane.port(), "callee", "orders");
            before.say(new Register(orders("orders-1", 7001)));
            caller.next(Endpoints.class);
            before.close();
            await().until(() -> plane.hub().subscribers().size() == 1);
            try (var after = FeedClient.agent(plane.port(), "callee", "orders")) {
                after.say(new Register(orders("orders-1", 7001)));
                after.next(Snapshot.class);
                liveFor(Duration.ofSeconds(60), caller, after);

                assertThat(plane.registry().entries()).hasSize(1);
                assertThat(caller.received()).noneMatch(Endpoints.class::isInstance);
            }
        }
    }

    /** Lets time pass in which these say that they are there. */
    private void liveFor(Duration duration, FeedClient... clients) throws IOException {
        for (long second = 0; second < duration.toSeconds(); second++) {
            for (FeedClient client : clients) {
                client.say(new Heartbeat());
            }
            plane.advance(Duration.ofSeconds(1));
            await().until(() -> plane.hub().subscribers().size() == clients.length);
        }
    }

    @Test
    void serverThatWasSuspendedSendsNobodyAway() throws Exception {
        try (var agent = FeedClient.agent(plane.port(), "a", "orders")) {
            agent.next(Snapshot.class);
            plane.suspend(Duration.ofMinutes(5));
            plane.publish("shop.yml", TestPolicies.ordersSplit(50, 50));

            assertThat(agent.next(Delta.class).version()).isEqualTo(plane.version());
        }
    }

    @Test
    void saysThatItIsThere() throws Exception {
        try (var agent = FeedClient.agent(plane.port(), "a", "orders")) {
            agent.next(Snapshot.class);
            plane.advance(FeedStream.HEARTBEAT);

            agent.next(Heartbeat.class);
        }
    }

    @Test
    void sendsSilentSubscriberAway() throws Exception {
        try (var agent = FeedClient.agent(plane.port(), "a", "orders")) {
            agent.next(Snapshot.class);
            plane.advance(FeedStream.SILENCE);

            agent.awaitEnd();
            await().until(() -> plane.hub().subscribers().isEmpty());
        }
    }

    @Test
    void sendsAwayWhoDoesNotSayHello() throws Exception {
        try (var nobody = FeedClient.connect(plane.port(), "orders")) {
            await().until(() -> plane.hub().size() == 1);
            plane.advance(FeedStream.HELLO_WITHIN);

            nobody.awaitEnd();
            assertThat(nobody.status()).isEqualTo(408);
            assertThat(nobody.body()).contains("no hello within 5 s");
        }
    }

    @Test
    void newStreamOfProxyReplacesItsOldOne() throws Exception {
        try (var old = FeedClient.agent(plane.port(), "a", "orders")) {
            old.next(Snapshot.class);
            try (var fresh = FeedClient.agent(plane.port(), "a", "orders")) {
                fresh.next(Snapshot.class);
                old.awaitEnd();

                assertThat(plane.hub().subscribers()).hasSize(1);
            }
        }
    }

    @Test
    void refusesGarbage() throws Exception {
        for (String garbage :
                List.of(
                        "\u0001\u0002\u0003",
                        "{}",
                        "[1,2",
                        "{\"type\":\"hello\"}",
                        "{\"type\":\"acknowledge\",\"version\":{\"epoch\":1,\"number\":1}}",
                        "{\"type\":\"snapshot\"}",
                        "[".repeat(10_000),
                        "x".repeat(LineReader.LONGEST + 1))) {
            try (var client = FeedClient.connect(plane.port(), "orders")) {
                client.sayLine(garbage);
                client.awaitEnd();

                assertThat(client.status()).isEqualTo(400);
                assertThat(client.head()).containsIgnoringCase("application/problem+json");
                assertThat(client.body()).contains("\"status\":400").contains("\"detail\"");
            }
        }
        assertThat(plane.hub().size()).isZero();
    }

    @Test
    void refusesOtherSchema() throws Exception {
        try (var client = FeedClient.connect(plane.port(), "orders")) {
            client.say(new Hello(99, "a", Plane.MESH, ORDERS));
            client.awaitEnd();

            assertThat(client.body()).contains("schema: 99 (expected: 1)");
        }
    }

    @Test
    void endsStreamThatTurnsIntoGarbage() throws Exception {
        try (var agent = FeedClient.agent(plane.port(), "a", "orders")) {
            agent.next(Snapshot.class);
            agent.sayLine("garbage");

            agent.awaitEnd();
            await().until(() -> plane.hub().subscribers().isEmpty());
        }
    }

    @Test
    void servesNobodyInClear() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), plane.port())) {
            socket.setSoTimeout((int) FeedClient.PATIENCE.toMillis());
            socket.getOutputStream()
                    .write("POST /feed HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(
                            new String(
                                    socket.getInputStream().readAllBytes(),
                                    StandardCharsets.US_ASCII))
                    .doesNotContain("HTTP");
        }
    }

    @Test
    void refusesWhoeverIsSomebodyElse() throws Exception {
        try (var client = FeedClient.connect(plane.port(), "orders")) {
            client.say(FeedClient.hello("a", "payments"));
            client.awaitEnd();

            assertThat(client.status()).isEqualTo(403);
        }
        assertThat(plane.hub().subscribers()).isEmpty();
    }

    @Test
    void takesNobodyForTheEdgeButTheGateway() throws Exception {
        try (var client = FeedClient.connect(plane.port(), "orders")) {
            client.say(new Hello(FeedMessage.SCHEMA, "a", Plane.EDGE, ORDERS));
            client.awaitEnd();

            assertThat(client.status()).isEqualTo(403);
        }
        try (var gateway = FeedClient.connect(plane.port(), "gateway")) {
            gateway.say(
                    new Hello(
                            FeedMessage.SCHEMA,
                            "gateway-1",
                            Plane.EDGE,
                            ServiceName.parse("gateway")));
            assertThat(gateway.next(Snapshot.class)).isNotNull();
        }
    }

    @Test
    void servesNothingElse() throws Exception {
        assertThat(ask("GET /feed HTTP/1.1")).startsWith("HTTP/1.1 405");
        assertThat(ask("POST /other HTTP/1.1"))
                .startsWith("HTTP/1.1 404")
                .contains("application/problem+json");
        assertThat(ask("nonsense")).startsWith("HTTP/1.").contains(" 400 ");
    }

    private String ask(String line) throws IOException {
        try (var socket = FeedClient.socket(plane.port(), "orders", 0)) {
            socket.setSoTimeout((int) FeedClient.PATIENCE.toMillis());
            String request = line + "\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void endsStreamsInGoodOrderWhenItStops() throws Exception {
        try (var agent = FeedClient.agent(plane.port(), "a", "orders")) {
            agent.next(Snapshot.class);
            plane.close();

            agent.awaitEnd();
        }
        plane = TestControlPlane.start(directory);
    }

    @Test
    void sendsAwayWhoIsTooMany(@TempDir Path other) throws Exception {
        try (var small = TestControlPlane.start(other, 2)) {
            try (var first = FeedClient.agent(small.port(), "a", "orders");
                    var second = FeedClient.agent(small.port(), "b", "orders")) {
                await().until(() -> small.hub().subscribers().size() == 2);
                try (var third = FeedClient.agent(small.port(), "c", "orders")) {
                    third.awaitEnd();
                    assertThat(third.status()).isEqualTo(503);
                }
                assertThat(first.hasEnded() || second.hasEnded()).isFalse();
            }
        }
    }
}
