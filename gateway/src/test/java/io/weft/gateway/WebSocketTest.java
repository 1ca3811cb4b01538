// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets on the user's own routes, through the strict reader, and what policy routes do. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class WebSocketTest {

    private static final String OFFER =
            """
            GET /socket HTTP/1.1\r
            Host: own.test\r
            Connection: keep-alive, Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static WebSocketService service;
    private static RecordingUpstream app;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        service = WebSocketService.start();
        app = RecordingUpstream.start();
        gateway = startGateway();
        gateway.endpoints("app", List.of(new RunningGateway.Endpoint(app.address(), Map.of())));
    }

    private static RunningGateway startGateway() throws IOException {
        var started =
                RunningGateway.start(
                        GatewayApplication.class,
                        Map.of(
                                "spring.config.name",
                                "own-sockets",
                                "service",
                                String.valueOf(service.port())));
        started.policy(EdgePolicies.publicBelowApp());
        return started;
    }

    @AfterAll
    static void stop() throws IOException {
        CLIENT.shutdownNow();
        gateway.close();
        service.close();
        app.close();
    }

    /** What a client hears, as text. */
    private static final class Heard implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence text, boolean last) {
            messages.add("text " + text);
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket socket, ByteBuffer data, boolean last) {
            messages.add("binary " + data.remaining());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            messages.add("close " + status);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            messages.add("error");
        }

        private String next() throws InterruptedException {
            return String.valueOf(messages.poll(5, TimeUnit.SECONDS));
        }
    }

    private static WebSocket connect(RunningGateway gateway, String path, Heard heard) {
        URI uri = URI.create("ws://127.0.0.1:" + gateway.address().getPort() + path);
        return CLIENT.newWebSocketBuilder().buildAsync(uri, heard).join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/socket", "/by-http"})
    void carriesFramesBothWays(String path) throws Exception {
        var heard = new Heard();
        WebSocket socket = connect(gateway, path, heard);
        try {
            socket.sendText("hello", true).join();
            assertThat(heard.next()).isEqualTo("text hello");
            socket.sendBinary(ByteBuffer.allocate(10_000), true).join();
            assertThat(heard.next()).isEqualTo("binary 10000");
            socket.sendText("again", true).join();
            assertThat(heard.next()).isEqualTo("text again");
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            assertThat(heard.next()).isEqualTo("close 1000");
        } finally {
            socket.abort();
        }
    }

    @Test
    void refusesASocketOnARouteThatNobodyOpened() {
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> connect(gateway, "/closed", new Heard()))
                .havingCause()
                .asInstanceOf(type(WebSocketHandshakeException.class))
                .satisfies(e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /socket HTTP/1.1 > POST /socket HTTP/1.1",
                "GET /socket HTTP/1.1 > GET /socket HTTP/1.0",
                "Version: 13 > Version: 12",
                "Connection: keep-alive, Upgrade > Connection: keep-alive",
                "Upgrade: websocket > Upgrade: h2c",
                "Upgrade: websocket > Upgrade: websocket, h2c",
                "Key: dGhlIHNhbXBsZSBub25jZQ== > Key: c2hvcnQ=",
                "Sec-WebSocket-Key > X-Key",
            })
    void neverSwitchesOnAnOfferThatIsNotWhole(String change) throws IOException {
        String[] sides = change.split(" > ", -1);
        try (var client = RawClient.connect(gateway.address())) {
            RawResponse response = client.exchange(OFFER.replace(sides[0], sides[1]));

            assertThat(response.status()).isGreaterThanOrEqualTo(400);
            assertThat(response.interim()).isEmpty();
        }
    }

    @Test
    void takesNothingForARequestOnceTheSwitchIsOffered() throws IOException {
        try (var client = RawClient.connect(gateway.address())) {
            client.write(OFFER + "GET /app/x HTTP/1.1\r\nHost: a.test\r\n\r\n");

            assertThat(client.readHead().status()).isEqualTo(101);
            // To the service these are frames without a mask.
            assertThat(Wire.text(client.readUntilClose())).doesNotContain("HTTP/1.1");
        }
        assertThat(app.requests()).isEmpty();
    }

    @Test
    void asksAServiceOfThePolicyWithoutTheOffer() throws IOException {
        try (var client = RawClient.connect(gateway.address())) {
            String offer = OFFER.replace("own.test", "a.test").replace("/socket", "/app/socket");
            assertThat(client.exchange(offer).status()).isEqualTo(200);
            assertThat(app.requests().getLast().header("upgrade")).isEmpty();
            assertThat(app.requests().getLast().departures()).isEmpty();

            // It was an ordinary request on an ordinary connection.
            assertThat(client.exchange(offer).status()).isEqualTo(200);
        }
        app.forget();
    }

    @Test
    void doesNotWaitForSocketsLongerThanItsPatience() throws Exception {
        var heard = new Heard();
        RunningGateway ending = startGateway();
        long before;
        try (ending) {
            WebSocket socket = connect(ending, "/socket", heard);
            socket.sendText("hello", true).join();
            assertThat(heard.next()).isEqualTo("text hello");
            before = System.nanoTime();
        }

        Duration taken = Duration.ofNanos(System.nanoTime() - before);
        assertThat(taken).isLessThan(Duration.ofSeconds(5));
        assertThat(heard.next()).matches("close .*|error");
    }
}
