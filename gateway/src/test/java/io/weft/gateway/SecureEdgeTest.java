// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static java.net.http.HttpClient.Version.HTTP_2;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.weft.conformance.raw.Ending;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The edge with TLS, where clients choose between HTTP/1.1 and HTTP/2: the policy is the same. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SecureEdgeTest {

    private static final Map<Version, HttpClient> CLIENTS = new EnumMap<>(Version.class);

    private static RecordingUpstream service;
    private static RunningGateway gateway;
    private static SSLContext trust;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        TlsIdentity identity = TlsIdentity.create(directory);
        trust = identity.trustingClient();
        service = RecordingUpstream.start();
        gateway =
                RunningGateway.start(
                        GatewayApplication.class,
                        Map.of(
                                "server.http2.enabled",
                                "true",
                                "server.ssl.key-store",
                                identity.store().toString(),
                                "server.ssl.key-store-password",
                                TlsIdentity.PASSWORD));
        gateway.policy(EdgePolicies.publicBelowApp());
        gateway.endpoints("app", List.of(new RunningGateway.Endpoint(service.address(), Map.of())));
        for (Version version : Version.values()) {
            CLIENTS.put(
                    version, HttpClient.newBuilder().sslContext(trust).version(version).build());
        }
    }

    @AfterAll
    static void stop() throws IOException {
        CLIENTS.values().forEach(HttpClient::shutdownNow);
        assertThat(gateway.log()).noneMatch(line -> line.startsWith("ERROR"));
        gateway.close();
        service.close();
        assertThat(service.failures()).isEmpty();
    }

    @BeforeEach
    void forget() {
        service.forget();
        service.answerWith(Scripts.text(200, "an answer"));
    }

    private static HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(
                        URI.create("https://localhost:" + gateway.address().getPort() + target))
                .timeout(Duration.ofSeconds(10));
    }

    private static HttpClient client(Version version) {
        return Objects.requireNonNull(CLIENTS.get(version));
    }

    private static HttpResponse<String> send(Version version, HttpRequest.Builder request)
            throws Exception {
        HttpResponse<String> response =
                client(version).send(request.build(), BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(version);
        return response;
    }

    private static RecordedRequest onlyRequest() {
        assertThat(service.requests()).hasSize(1);
        RecordedRequest request = service.requests().getFirst();
        assertThat(request.departures()).isEmpty();
        return request;
    }

    @ParameterizedTest
    @EnumSource
    void saysWhoAsked(Version version) throws Exception {
        HttpResponse<String> response =
                send(
                        version,
                        request("/app/a%20b?q=%20")
                                .header("X-Forwarded-For", "192.0.2.1")
                                .header("X-Forwarded-Proto", "http")
                                .header("X-Http2-Stream-Id", "7"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("an answer");
        RecordedRequest request = onlyRequest();
        assertThat(request.target()).isEqualTo("/app/a%20b?q=%20");
        String host = "localhost:" + gateway.address().getPort();
        assertThat(request.header("host")).hasValue(host);
        assertThat(request.header("x-forwarded-host")).hasValue(host);
        assertThat(request.header("x-forwarded-proto")).hasValue("https");
        assertThat(request.header("x-forwarded-for")).hasValue("127.0.0.1");
        assertThat(request.header("via"))
                .hasValueSatisfying(via -> assertThat(via).contains("gateway-"));
        assertThat(request.head().fields().lines())
                .noneMatch(
                        field -> field.name().startsWith("x-http2-") && !field.value().equals("7"))
                .noneMatch(field -> field.value().contains("192.0.2.1"));
    }

    @ParameterizedTest
    @EnumSource
    void refusesAlike(Version version) throws Exception {
        assertProblem(send(version, request("/app/denied/x")), 403, "denied");
        assertProblem(send(version, request("/elsewhere")), 404, "no-route");
        assertProblem(send(version, request("/app/a%2fb")), 400, "client");
        assertProblem(send(version, request("/app/%00")), 400, "client");
        assertProblem(send(version, request("/app/../../x")), 400, "client");
        assertProblem(send(version, request("/app/x/%2e%2e/denied/x")), 403, "denied");
        assertProblem(send(version, request("/app//denied/x")), 403, "denied");
        assertThat(service.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void limitsHeadsAlike(Version version) throws Exception {
        assertThat(send(version, request("/app/x").header("x-a", "a".repeat(12_000))).statusCode())
                .isEqualTo(200);
        assertThat(send(version, request("/app/x").header("x-a", "a".repeat(20_000))).statusCode())
                .isEqualTo(431);
        HttpRequest.Builder many = request("/app/x");
        for (int i = 0; i < 110; i++) {
            many.header("x-" + i, "a");
        }
        assertThat(send(version, many).statusCode()).isEqualTo(431);
    }

    private static void assertProblem(HttpResponse<String> response, int status, String flag) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type"))
                .hasValue("application/problem+json");
        assertThat(response.headers().firstValue("x-weft-decision")).isPresent();
        assertThat(response.body()).contains("\"flag\":\"" + flag + "\"");
    }

    @ParameterizedTest
    @EnumSource
    void carriesLongBodiesBothWays(Version version) throws Exception {
        byte[] body = "0123456789abcdef".repeat(64 * 1024).getBytes(US_ASCII);
        service.answerWith(
                exchange -> {
                    exchange.readBody();
                    exchange.startChunks(200);
                    exchange.chunk(Wire.text(exchange.request().body()));
                    exchange.endChunks();
                });

        assertThat(send(version, request("/app/x").POST(BodyPublishers.ofByteArray(body))).body())
                .hasSize(body.length);
        assertThat(onlyRequest().header("content-length")).hasValue(String.valueOf(body.length));
        assertThat(
                        send(
                                        version,
                                        request("/app/x")
                                                .POST(
                                                        BodyPublishers.ofInputStream(
                                                                () ->
                                                                        new ByteArrayInputStream(
                                                                                body))))
                                .body())
                .hasSize(body.length);
        assertThat(service.requests().getLast().body()).isEqualTo(body);
    }

    @ParameterizedTest
    @EnumSource
    void carriesResponsesWithoutABody(Version version) throws Exception {
        service.answerWith(Scripts.raw("HTTP/1.1 204 No Content\r\n\r\n"));
        assertThat(send(version, request("/app/x").DELETE()).statusCode()).isEqualTo(204);
        service.answerWith(Scripts.raw("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n"));
        assertThat(send(version, request("/app/x")).statusCode()).isEqualTo(304);
        service.answerWith(Scripts.raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"));
        HttpResponse<String> head = send(version, request("/app/x").HEAD());
        assertThat(head.headers().firstValue("content-length")).hasValue("10");
        service.answerWith(Scripts.text(200, "next"));
        assertThat(send(version, request("/app/x")).body()).isEqualTo("next");
    }

    @ParameterizedTest
    @EnumSource
    void showsThatAResponseBrokeOff(Version version) throws Exception {
        service.answerWith(
                Scripts.rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> send(version, request("/app/x")));
        service.answerWith(Scripts.rawThenClose("junk\r\n\r\n"));
        assertProblem(send(version, request("/app/x")), 502, "upstream");
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheServiceWithItsClient(Version version) throws Exception {
        var gone = new CompletableFuture<Optional<Ending>>();
        service.answerWith(
                exchange -> {
                    exchange.startChunks(200);
                    exchange.chunk("first");
                    gone.complete(exchange.awaitPeerGone(Duration.ofSeconds(10)));
                });
        HttpResponse<InputStream> response =
                client(version).send(request("/app/endless").build(), BodyHandlers.ofInputStream());
        assertThat(response.body().readNBytes(5)).isEqualTo("first".getBytes(US_ASCII));
        response.body().close();

        assertThat(gone.get(10, TimeUnit.SECONDS)).isPresent();
    }

    @Test
    void servesManyStreamsOfAConnectionAtOnce() throws Exception {
        service.answerWith(Scripts.echo());
        List<CompletableFuture<HttpResponse<String>>> responses =
                IntStream.range(0, 50)
                        .mapToObj(
                                i ->
                                        client(HTTP_2)
                                                .sendAsync(
                                                        request("/app/" + i).build(),
                                                        BodyHandlers.ofString()))
                        .toList();
        for (int i = 0; i < responses.size(); i++) {
            assertThat(
                            responses
                                    .get(i)
                                    .get(10, TimeUnit.SECONDS)
                                    .headers()
                                    .firstValue("x-echo-target"))
                    .hasValue("/app/" + i);
        }
    }

    @Test
    void readsAsStrictlyThroughTls() throws Exception {
        try (SSLSocket socket =
                (SSLSocket)
                        trust.getSocketFactory()
                                .createSocket("localhost", gateway.address().getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(
                            Wire.bytes(
                                    """
                                    POST /app/x HTTP/1.1\r
                                    Host: a.test\r
                                    Content-Length: 1\r
                                    Transfer-Encoding: chunked\r
                                    \r
                                    0\r
                                    \r
                                    """));
            String answer = Wire.text(socket.getInputStream().readAllBytes());
            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"flag\":\"client\"");
        }
        assertThat(service.requests()).isEmpty();
    }
}
