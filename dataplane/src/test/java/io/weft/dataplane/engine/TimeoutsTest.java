// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.dataplane.TestEngine;
import io.weft.dataplane.TestUpstream;
import io.weft.dataplane.Wire;
import io.weft.dataplane.server.ServerSettings;
import io.weft.dataplane.upstream.UpstreamSettings;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Every wait has an end. */
class TimeoutsTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(30);

    private static ServerSettings server(Duration header, Duration keepAlive, Duration window) {
        return new ServerSettings(
                ServerSettings.DEFAULT.limits(), header, keepAlive, window, 1_000);
    }

    private static UpstreamSettings upstream(Duration connect, Duration idle) {
        return new UpstreamSettings(connect, idle, LONG, UpstreamSettings.DEFAULT.limits());
    }

    private static TestUpstream silent() throws IOException {
        return TestUpstream.start(
                (wire, _) -> {
                    wire.message();
                    wire.isAtEnd();
                });
    }

    private static void assertTimeout(TestEngine engine, Wire.Message answer, String limit) {
        assertThat(answer.status()).isEqualTo(504);
        assertThat(engine.refusals().all())
                .last()
                .satisfies(refusal -> assertThat(refusal.detail()).endsWith(": " + limit));
        assertThat(engine.sum("weft_requests_total", "flag=\"timeout\"")).isEqualTo(1);
    }

    @Test
    void limitsTheRequest() throws IOException {
        try (var upstream = silent();
                var engine = TestEngine.start().policy("timeout: {request: 200ms}").to(upstream);
                var client = engine.client()) {
            assertTimeout(engine, client.ask(Wire.get("/")), "request");
        }
    }

    @Test
    void limitsTheAttempt() throws IOException {
        String rule = "timeout: {request: 30s, attempt: 200ms}";
        try (var upstream = silent();
                var engine = TestEngine.start().policy(rule).to(upstream);
                var client = engine.client()) {
            assertTimeout(engine, client.ask(Wire.get("/")), "attempt");
        }
    }

    @Test
    void limitsARequestWhoseResponseDripsByBreakingItOff() throws Exception {
        TestUpstream.Script dripping =
                (wire, _) -> {
                    wire.message();
                    wire.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nab");
                    wire.isAtEnd();
                };
        try (var upstream = TestUpstream.start(dripping);
                var engine = TestEngine.start().policy("timeout: {request: 200ms}").to(upstream);
                var client = engine.client()) {
            client.write(Wire.get("/"));

            assertThat(client.rest()).endsWith("\r\n\r\nab");
            assertThat(engine.sum("weft_requests_total", "flag=\"timeout\"")).isEqualTo(1);
            assertThat(engine.sum("weft_requests_total", "code=\"200\"")).isEqualTo(1);
        }
    }

    @Test
    void limitsHowLongNothingMoves() throws IOException {
        try (var upstream = silent();
                var engine =
                        TestEngine.start(ServerSettings.DEFAULT, upstream(LONG, SHORT))
                                .to(upstream);
                var client = engine.client()) {
            assertTimeout(engine, client.ask(Wire.get("/")), "idle");
        }
    }

    @Test
    void avoidsTheInstanceThatDidNotAnswerInTime() throws IOException {
        try (var silent = silent();
                var serving = TestUpstream.answering("ok");
                var engine =
                        TestEngine.start()
                                .policy("timeout: {attempt: 200ms}")
                                .to(silent, serving)) {
            int lost = 0;
            for (int i = 0; i < 30; i++) {
                try (var client = engine.client()) {
                    lost += client.ask(Wire.get("/")).status() == 504 ? 1 : 0;
                }
            }
            assertThat(lost).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void limitsTheHeadFromItsFirstByte() throws IOException {
        try (var engine = TestEngine.start(server(SHORT, LONG, LONG), UpstreamSettings.DEFAULT);
                var client = engine.client()) {
            client.write("GET / HTTP/1.1\r\nhost:");

            assertThat(client.answer().status()).isEqualTo(408);
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void closesAConnectionThatAsksForNothing() throws IOException {
        try (var engine = TestEngine.start(server(SHORT, LONG, LONG), UpstreamSettings.DEFAULT);
                var client = engine.client()) {
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void closesAConnectionThatAsksForNothingMore() throws IOException {
        try (var upstream = TestUpstream.answering("ok");
                var engine =
                        TestEngine.start(server(LONG, SHORT, LONG), UpstreamSettings.DEFAULT)
                                .to(upstream);
                var client = engine.client()) {
            client.ask(Wire.get("/"));
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void limitsHowSlowlyABodyComes() throws IOException {
        var settings = server(LONG, LONG, Duration.ofSeconds(1));
        for (String expect : new String[] {"", "expect: 100-continue\r\n"}) {
            try (var upstream = silent();
                    var engine = TestEngine.start(settings, UpstreamSettings.DEFAULT).to(upstream);
                    var client = engine.client()) {
                client.write(
                        "POST / HTTP/1.1\r\nhost: orders\r\n"
                                + expect
                                + "content-length: 100000\r\n\r\na");

                assertThat(client.answer().status()).isEqualTo(408);
            }
        }
    }

    @Test
    void leavesAClientThatTakesNothingOfItsAnswer() throws IOException {
        var ended = new CompletableFuture<Boolean>();
        TestUpstream.Script endless =
                (wire, _) -> {
                    wire.message();
                    wire.write("HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n");
                    try {
                        while (true) {
                            wire.write(new byte[100_000]);
                        }
                    } catch (IOException e) {
                        ended.complete(true);
                    }
                };
        try (var upstream = TestUpstream.start(endless);
                var engine =
                        TestEngine.start(server(LONG, LONG, SHORT), UpstreamSettings.DEFAULT)
                                .to(upstream);
                var client = engine.client()) {
            client.write(Wire.get("/"));

            assertThat(ended).succeedsWithin(10, TimeUnit.SECONDS);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aSlowClientIsNotOneThatTakesNothing() throws IOException {
        TestUpstream.Script endless =
                (wire, _) -> {
                    wire.message();
                    wire.write("HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n");
                    while (true) {
                        wire.write(new byte[100_000]);
                    }
                };
        try (var upstream = TestUpstream.start(endless);
                var engine =
                        TestEngine.start(
                                        server(LONG, LONG, Duration.ofSeconds(1)),
                                        UpstreamSettings.DEFAULT)
                                .to(upstream);
                var socket = new Socket()) {
            // A small window, so that most waits on the side of the proxy.
            socket.setReceiveBufferSize(65_536);
            socket.connect(engine.listener().address());
            try (Wire client = Wire.of(socket)) {
                client.write(Wire.get("/"));
                assertThat(client.head()).isNotNull();
                long from = System.nanoTime();
                await().pollInterval(Duration.ofMillis(50))
                        .until(
                                () -> {
                                    client.bytes(10_000);
                                    return System.nanoTime() - from > TimeUnit.SECONDS.toNanos(3);
                                });
                assertThat(engine.sum("weft_requests_total", "")).isZero();
            }
        }
    }

    @Test
    void aLastAnswerIsTakenInPeaceHoweverSlowly() throws Exception {
        int size = 4 << 20;
        TestUpstream.Script script =
                (wire, _) -> {
                    wire.message();
                    wire.write("HTTP/1.1 200 OK\r\ncontent-length: " + size + "\r\n\r\n");
                    wire.write(new byte[size]);
                };
        try (var upstream = TestUpstream.start(script);
                var engine =
                        TestEngine.start(
                                        server(SHORT, LONG, Duration.ofSeconds(2)),
                                        UpstreamSettings.DEFAULT)
                                .to(upstream);
                var client = engine.client()) {
            client.write("GET / HTTP/1.1\r\nhost: orders\r\nconnection: close\r\n\r\n");
            Wire.Message head = client.head();
            assertThat(head).isNotNull();
            long from = System.nanoTime();
            await().until(() -> System.nanoTime() - from > Duration.ofMillis(600).toNanos());

            assertThat(client.bytes(size)).hasSize(size);
            assertThat(client.isAtEnd()).isTrue();
        }
    }
}
