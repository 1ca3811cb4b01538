// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.dataplane.TestEngine;
import io.weft.dataplane.TestUpstream;
import io.weft.dataplane.Wire;
import io.weft.dataplane.balance.Cluster;
import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.server.ServerSettings;
import io.weft.dataplane.telemetry.SeriesKey;
import io.weft.dataplane.upstream.Endpoint;
import io.weft.dataplane.upstream.UpstreamSettings;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which connections are used again, and which requests are sent again. */
class ReuseTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String PUT =
            "PUT / HTTP/1.1\r\nhost: orders\r\ncontent-length: 3\r\n\r\nabc";
    private static final String POST = PUT.replace("PUT", "POST");

    /** Answers the first request of each connection, and cuts off at the second. */
    private static void answerOnce(Wire wire) throws IOException {
        wire.message();
        wire.write(Wire.ok("once"));
        wire.head();
        wire.reset();
    }

    @Test
    void usesOneConnectionForOneRequestAfterAnother() throws IOException {
        try (var upstream = TestUpstream.answering("ok");
                var engine = TestEngine.start().to(upstream);
                var client = engine.client()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.ask(Wire.get("/")).body()).isEqualTo("ok");
            }
            assertThat(upstream.accepted()).isEqualTo(1);
        }
    }

    @Test
    void sendsAnIdempotentRequestAgainWhenNothingCame() throws IOException {
        try (var upstream = TestUpstream.start((wire, _) -> answerOnce(wire));
                var engine = TestEngine.start().to(upstream);
                var client = engine.client()) {
            client.ask(Wire.get("/"));

            assertThat(client.ask(PUT).status()).isEqualTo(200);
            assertThat(upstream.accepted()).isEqualTo(2);
            assertThat(engine.sum("weft_requests_total", "")).isEqualTo(2);
        }
    }

    @Test
    void sendsItAgainOnANewConnectionHoweverManyWait() throws Exception {
        var all = new CountDownLatch(4);
        TestUpstream.Script script =
                (wire, connection) -> {
                    wire.message();
                    if (connection <= 4) {
                        all.countDown();
                        awaitQuietly(all);
                    }
                    wire.write(Wire.ok("once"));
                    wire.head();
                    wire.reset();
                };
        try (var upstream = TestUpstream.start(script);
                var engine = TestEngine.start().to(upstream)) {
            var clients =
                    List.of(engine.client(), engine.client(), engine.client(), engine.client());
            for (Wire client : clients) {
                client.write(Wire.get("/"));
            }
            for (Wire client : clients) {
                client.answer();
            }
            assertThat(clients.getFirst().ask(Wire.get("/")).status()).isEqualTo(200);
            assertThat(upstream.accepted()).isEqualTo(5);
            for (Wire client : clients) {
                client.close();
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void doesNotSendAgainWhatIsNotIdempotent() throws IOException {
        try (var upstream = TestUpstream.start((wire, _) -> answerOnce(wire));
                var engine = TestEngine.start().to(upstream);
                var client = engine.client()) {
            client.ask(Wire.get("/"));

            assertThat(client.ask(POST).status()).isEqualTo(502);
            assertThat(upstream.requests()).isEqualTo(2);
        }
    }

    @Test
    void doesNotSendAgainWhenSomethingCame() throws IOException {
        TestUpstream.Script script =
                (wire, _) -> {
                    wire.message();
                    wire.write("HTTP/1.1 20");
                    wire.reset();
                };
        try (var upstream = TestUpstream.start(script);
                var engine = TestEngine.start().to(upstream);
                var client = engine.client()) {
            assertThat(client.ask(Wire.get("/")).status()).isEqualTo(502);
            assertThat(upstream.requests()).isEqualTo(1);
        }
    }

    @Test
    void trustsOnlyAYoungIdleConnectionWithWhatItCannotRepeat() throws IOException {
        try (var upstream = TestUpstream.answering("ok");
                var engine = TestEngine.start().to(upstream);
                var client = engine.client()) {
            client.ask(POST);
            client.ask(POST);
            assertThat(upstream.accepted()).as("used a moment ago").isEqualTo(1);

            long from = System.nanoTime();
            await().until(() -> System.nanoTime() - from > TimeUnit.MILLISECONDS.toNanos(1_050));
            client.ask(Wire.get("/"));
            assertThat(upstream.accepted()).as("can be repeated").isEqualTo(1);

            long again = System.nanoTime();
            await().until(() -> System.nanoTime() - again > TimeUnit.MILLISECONDS.toNanos(1_050));
            client.ask(POST);
            assertThat(upstream.accepted()).as("cannot be repeated").isEqualTo(2);
        }
    }

    @Test
    void doesNotUseAConnectionAgainThatSaidTooMuch() throws IOException {
        TestUpstream.Script script =
                (wire, _) -> {
                    wire.message();
                    wire.write(Wire.ok("ok") + "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil");
                    wire.message();
                };
        try (var upstream = TestUpstream.start(script);
                var engine = TestEngine.start().to(upstream);
                var client = engine.client()) {
            for (int i = 1; i <= 3; i++) {
                assertThat(client.ask(Wire.get("/")).body()).isEqualTo("ok");
                assertThat(upstream.accepted()).isEqualTo(i);
            }
        }
    }

    @Test
    void keepsAnIdleConnectionHalfAsLongAsItsPeerSays() throws IOException {
        var ended = new CountDownLatch(1);
        TestUpstream.Script script =
                (wire, _) -> {
                    wire.message();
                    wire.write(
                            "HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 0\r\n\r\n");
                    if (wire.isAtEnd()) {
                        ended.countDown();
                    }
                };
        try (var upstream = TestUpstream.start(script);
                var engine = TestEngine.start().to(upstream);
                var client = engine.client()) {
            client.ask(Wire.get("/"));
            await().atMost(Duration.ofMillis(950)).until(() -> ended.getCount() == 0);
        }
    }

    @Test
    void passesOverAnInstanceThatIsNotThereAndComesBackToIt() throws IOException {
        int port;
        try (var reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = reserved.getLocalPort();
        }
        var gone = new Instance("gone", service(), new TreeMap<>(Map.of()), "127.0.0.1", port);
        try (var upstream = TestUpstream.answering("there");
                var engine = TestEngine.start().to(List.of(gone, upstream.instance("orders")));
                var client = engine.client()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.ask(POST).status()).isEqualTo(200);
            }
            try (var back = new ServerSocket(port, 10, InetAddress.getLoopbackAddress())) {
                back.setSoTimeout(5_000);
                back.accept().close();
            }
        }
    }

    private static ServiceName service() {
        return ServiceName.parse("orders");
    }

    @Test
    void closesConnectionsToAnInstanceThatIsGone() throws IOException {
        var ended = new CountDownLatch(1);
        TestUpstream.Script script =
                (wire, _) -> {
                    wire.serveAll("old");
                    ended.countDown();
                };
        try (var old = TestUpstream.start(script);
                var fresh = TestUpstream.answering("new");
                var engine = TestEngine.start().to(old);
                var client = engine.client()) {
            client.ask(Wire.get("/"));
            engine.to(fresh);

            assertThat(client.ask(Wire.get("/")).body()).isEqualTo("new");
            await().atMost(SOON).until(() -> ended.getCount() == 0);
        }
    }

    @Test
    void believesOnlyProxiesThatNobodyProcessedARequest() throws IOException {
        String unprocessed =
                "HTTP/1.1 503 No\r\nx-weft-unprocessed: 1\r\ncontent-length: 0\r\n\r\n";
        TestUpstream.Script script =
                (wire, _) -> {
                    while (wire.message() != null) {
                        wire.write(unprocessed);
                    }
                };
        try (var refusing = TestUpstream.start(script);
                var serving = TestUpstream.answering("served");
                var engine = TestEngine.start().to(refusing, serving);
                var client = engine.client()) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.ask(POST).body()).isEqualTo("served");
            }
            engine.to(refusing);
            Wire.Message answer = client.ask(POST);
            assertThat(answer.status()).isEqualTo(503);

            var application =
                    new Cluster(
                            "app",
                            List.of(
                                    new Endpoint(
                                            refusing.instance("orders"),
                                            new InetSocketAddress(
                                                    InetAddress.getLoopbackAddress(),
                                                    refusing.port()),
                                            UpstreamSettings.DEFAULT,
                                            null,
                                            1)));
            var series =
                    engine.traffic()
                            .series(
                                    new SeriesKey(
                                            "destination", "unknown", "orders", "", "inbound"));
            var inbound =
                    engine.listen(
                            exchange ->
                                    exchange.relay(
                                            Admission.toLocalApplication(application, series)),
                            ServerSettings.DEFAULT,
                            true);
            int before = refusing.requests();
            try (var caller = Wire.to(inbound.address().getPort())) {
                Wire.Message answered = caller.ask(POST);
                assertThat(answered.start()).isEqualTo("HTTP/1.1 503 No");
                assertThat(answered.header("x-weft-unprocessed")).isNull();
                assertThat(refusing.requests()).isEqualTo(before + 1);
            }
            inbound.close();
        }
    }
}
