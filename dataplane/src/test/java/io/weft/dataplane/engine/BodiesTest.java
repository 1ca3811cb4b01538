// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.weft.dataplane.TestEngine;
import io.weft.dataplane.TestUpstream;
import io.weft.dataplane.Wire;
import io.weft.dataplane.server.ServerSettings;
import io.weft.dataplane.upstream.UpstreamSettings;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Bodies that meet failures, and clients that do not play along. */
class BodiesTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int MEBIBYTE = 1 << 20;

    @Test
    void losesNothingOfABodyThatComesWhileAConnectionIsMade() throws Exception {
        String body = "0123456789".repeat(30_000);
        var connect = new UpstreamSettings(SOON, SOON, SOON, UpstreamSettings.DEFAULT.limits());
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var engine = TestEngine.start(ServerSettings.DEFAULT, connect);
                var client = engine.to(List.of(instance(server))).client()) {
            client.write("PUT / HTTP/1.1\r\nhost: orders\r\ncontent-length: 300000\r\n\r\n");
            client.write(body.substring(0, 1_000));
            Wire lost = Wire.of(server.accept());
            lost.head();
            lost.bytes(1_000);
            List<Socket> crowd = crowd(server);
            lost.reset();
            client.write(body.substring(1_000));

            for (Socket each : crowd) {
                server.accept().close();
                each.close();
            }
            try (Wire second = Wire.of(server.accept())) {
                Wire.Message request = second.message();
                assertThat(request).isNotNull();
                assertThat(request.body()).isEqualTo(body);
                second.write(Wire.ok("taken"));
                assertThat(client.answer().body()).isEqualTo("taken");
            }
        }
    }

    private static Instance instance(ServerSocket server) {
        return new Instance(
                "orders-1",
                ServiceName.parse("orders"),
                new TreeMap<>(),
                "127.0.0.1",
                server.getLocalPort());
    }

    /** Connections that nobody accepts, so many that there is no room for another one. */
    private static List<Socket> crowd(ServerSocket server) throws IOException {
        var crowd = new ArrayList<Socket>();
        while (true) {
            var socket = new Socket();
            try {
                socket.connect(server.getLocalSocketAddress(), 200);
                crowd.add(socket);
            } catch (SocketTimeoutException e) {
                socket.close();
                return crowd;
            }
        }
    }

    @Test
    void givesNoMoreAnswersToAClientThatTakesNone() throws IOException {
        String large = "x".repeat(50_000);
        try (var upstream = TestUpstream.answering(large);
                var engine = TestEngine.start().to(upstream);
                var client = engine.client()) {
            long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
            int asked = 4_000;
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    for (int i = 0; i < asked; i++) {
                                        client.write(Wire.get("/"));
                                    }
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
            await().atMost(SOON)
                    .during(Duration.ofMillis(300))
                    .until(upstream::requests, new Unchanged()::seen);

            assertThat(upstream.requests()).isBetween(2, asked / 4);
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
                    .isLessThan(16L * MEBIBYTE);

            for (int i = 0; i < asked; i++) {
                assertThat(client.answer().body()).hasSize(large.length());
            }
            assertThat(upstream.requests()).isEqualTo(asked);
        }
    }

    /** Whether a number is what it was when it was last looked at. */
    private static final class Unchanged {
        private int last = -1;

        private boolean seen(int now) {
            boolean same = now == last;
            last = now;
            return same;
        }
    }

    @Test
    void asksTheClientForItsBodyOnceWhenTheInstanceDoes() throws IOException {
        TestUpstream.Script script =
                (wire, _) -> {
                    Wire.Message head = wire.head();
                    if (head == null) {
                        return;
                    }
                    assertThat(head.header("expect")).isEqualTo("100-continue");
                    wire.write("HTTP/1.1 100 Continue\r\n\r\n".repeat(3));
                    wire.write(Wire.ok(wire.withBody(head).body()));
                };
        try (var upstream = TestUpstream.start(script);
                var engine = TestEngine.start().to(upstream);
                var client = engine.client()) {
            client.write(
                    "POST / HTTP/1.1\r\nhost: orders\r\nexpect: 100-continue\r\ncontent-length:"
                            + " 3\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(100);
            client.write("abc");
            Wire.Message answer = client.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("abc");
        }
    }

    @Test
    void letsAPatientClientSendWhenTheSecondInstanceIsNotAsked() throws IOException {
        TestUpstream.Script script =
                (wire, connection) -> {
                    Wire.Message head = wire.head();
                    if (connection == 1 || head == null) {
                        wire.reset();
                    } else {
                        wire.write(Wire.ok(wire.withBody(head).body()));
                    }
                };
        try (var upstream = TestUpstream.start(script);
                var engine = TestEngine.start().to(upstream);
                var client = engine.client()) {
            client.write(
                    "PUT / HTTP/1.1\r\nhost: orders\r\nexpect: 100-continue\r\ncontent-length:"
                            + " 3\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(100);
            client.write("abc");
            assertThat(client.answer().body()).isEqualTo("abc");
        }
    }

    @Test
    void letsAClientWaitForItsInvitationLongerThanAHeadMayTake() throws IOException {
        var settings =
                new ServerSettings(
                        ServerSettings.DEFAULT.limits(),
                        Duration.ofMillis(200),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(1),
                        240);
        TestUpstream.Script script =
                (wire, _) -> {
                    Wire.Message head = wire.head();
                    if (head == null) {
                        return;
                    }
                    long from = System.nanoTime();
                    await().until(
                                    () ->
                                            System.nanoTime() - from
                                                    > Duration.ofMillis(600).toNanos());
                    wire.write("HTTP/1.1 100 Continue\r\n\r\n");
                    wire.write(Wire.ok(wire.withBody(head).body()));
                };
        try (var upstream = TestUpstream.start(script);
                var engine = TestEngine.start(settings, UpstreamSettings.DEFAULT).to(upstream);
                var client = engine.client()) {
            client.write(
                    "PUT / HTTP/1.1\r\nhost: orders\r\nexpect: 100-continue\r\ncontent-length:"
                            + " 3\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(100);
            client.write("abc");
            assertThat(client.answer().body()).isEqualTo("abc");
        }
    }

    @Test
    void aClientThatLeavesTakesItsRequestAlong() throws IOException {
        var ended = new CountDownLatch(1);
        TestUpstream.Script script =
                (wire, _) -> {
                    wire.message();
                    if (wire.isAtEnd()) {
                        ended.countDown();
                    }
                };
        try (var upstream = TestUpstream.start(script);
                var engine = TestEngine.start().to(upstream)) {
            var client = engine.client();
            client.write(Wire.get("/"));
            await().atMost(SOON).until(() -> upstream.requests() == 1);
            client.close();

            await().atMost(SOON).until(() -> ended.getCount() == 0);
            assertThat(engine.sum("weft_requests_total", "flag=\"client\"")).isEqualTo(1);
        }
    }
}
