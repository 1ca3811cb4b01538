// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Script;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spring Boot's {@code server.compression} on policy routes. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class CompressionTest {

    private static final String TEXT = "some words of a service, again and again\n".repeat(200);
    private static final String GZIP = "Accept-Encoding: gzip";

    private static RecordingUpstream service;
    private static RunningGateway gateway;
    private static RunningGateway secure;
    private static final Map<Version, HttpClient> CLIENTS = new EnumMap<>(Version.class);

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        TlsIdentity identity = TlsIdentity.create(directory);
        service = RecordingUpstream.start();
        gateway = gateway(Map.of("server.compression.enabled", "true"));
        secure =
                gateway(
                        Map.of(
                                "server.compression.enabled", "true",
                                "server.compression.mime-types", "text/plain,text/event-stream",
                                "server.http2.enabled", "true",
                                "server.ssl.key-store", identity.store().toString(),
                                "server.ssl.key-store-password", TlsIdentity.PASSWORD));
        for (Version version : Version.values()) {
            CLIENTS.put(
                    version,
                    HttpClient.newBuilder()
                            .sslContext(identity.trustingClient())
                            .version(version)
                            .build());
        }
    }

    private static RunningGateway gateway(Map<String, String> settings) throws IOException {
        RunningGateway started = RunningGateway.start(GatewayApplication.class, settings);
        started.policy(EdgePolicies.publicBelowApp());
        started.endpoints("app", List.of(new RunningGateway.Endpoint(service.address(), Map.of())));
        return started;
    }

    @AfterAll
    static void stop() throws IOException {
        CLIENTS.values().forEach(HttpClient::shutdownNow);
        gateway.close();
        secure.close();
        service.close();
        assertThat(service.failures()).isEmpty();
    }

    @BeforeEach
    void forget() {
        service.forget();
    }

    private static Script text(String... fields) {
        return Scripts.text(200, TEXT, fields);
    }

    private static String head(String method, String line) {
        return Wire.head(method + " /app/x HTTP/1.1", "Host: a.test", line);
    }

    private static RawResponse get(String line) throws IOException {
        try (RawClient client = RawClient.connect(gateway.address())) {
            return client.exchange(head("GET", line));
        }
    }

    private static String unzipped(byte[] body) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return new String(in.readAllBytes(), US_ASCII);
        }
    }

    @Test
    void compressesForThoseWhoTakeIt() throws IOException {
        service.answerWith(text("Content-Type: text/plain", "ETag: \"v1\"", "Vary: x-tenant"));
        RawResponse response = get(GZIP);
        assertThat(response.header("content-encoding")).hasValue("gzip");
        assertThat(response.head().fields().lines())
                .extracting(field -> field.name().toLowerCase(Locale.ROOT) + "=" + field.value())
                .contains("vary=x-tenant", "vary=accept-encoding", "etag=W/\"v1\"");
        assertThat(response.body().length).isLessThan(TEXT.length() / 4);
        assertThat(unzipped(response.body())).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-a: b", "Accept-Encoding: gzip;q=0", "Accept-Encoding: identity"})
    void leavesItForThoseWhoDoNotButTellsCaches(String line) throws IOException {
        service.answerWith(text("Content-Type: text/plain"));
        RawResponse response = get(line);
        assertThat(response.header("content-encoding")).isEmpty();
        assertThat(response.header("content-length")).hasValue(String.valueOf(TEXT.length()));
        assertThat(response.header("vary")).hasValue("accept-encoding");
        assertThat(response.text()).isEqualTo(TEXT);
    }

    @Test
    void keepsAStrongTagForThoseWhoNameNoEncoding() throws IOException {
        service.answerWith(text("Content-Type: text/plain", "ETag: \"v1\""));
        assertThat(get("x-a: b").header("etag")).hasValue("\"v1\"");
        service.answerWith(text("Content-Type: text/plain", "ETag: W/\"v1\""));
        assertThat(get(GZIP).header("etag")).hasValue("W/\"v1\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: image/png",
                "Content-Type: text/plain\r\nContent-Encoding: br",
                "Content-Type: text/plain\r\nCache-Control: public, no-transform",
                "Content-Type: text/plain\r\nContent-Digest: sha-256=:aaaa:",
            })
    void leavesWhatMustNotChange(String fields) throws IOException {
        service.answerWith(text(fields.split("\r\n"), "ETag: \"v1\""));
        RawResponse response = get(GZIP);
        assertThat(response.header("content-length")).hasValue(String.valueOf(TEXT.length()));
        assertThat(response.header("vary")).isEmpty();
        assertThat(response.header("etag")).hasValue("\"v1\"");
        assertThat(response.text()).isEqualTo(TEXT);
    }

    private static Script text(String[] fields, String more) {
        String[] all = Arrays.copyOf(fields, fields.length + 1);
        all[fields.length] = more;
        return Scripts.text(200, TEXT, all);
    }

    @Test
    void leavesWhatIsSmall() throws IOException {
        service.answerWith(Scripts.text(200, "few words", "Content-Type: text/plain"));
        RawResponse response = get(GZIP);
        assertThat(response.header("content-encoding")).isEmpty();
        assertThat(response.text()).isEqualTo("few words");
    }

    @Test
    void leavesParts() throws IOException {
        service.answerWith(
                Scripts.text(
                        206, TEXT, "Content-Type: text/plain", "Content-Range: bytes 0-8199/9999"));
        RawResponse response = get(GZIP + "\r\nRange: bytes=0-8199");
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.header("content-encoding")).isEmpty();
        assertThat(response.text()).isEqualTo(TEXT);
    }

    @Test
    void staysInStepWhereThereIsNoBody() throws IOException {
        try (RawClient client = RawClient.connect(gateway.address())) {
            service.answerWith(
                    Scripts.raw(
                            Wire.head(
                                    "HTTP/1.1 200 OK",
                                    "Content-Type: text/plain",
                                    "Content-Length: 8200")));
            client.write(head("HEAD", GZIP));
            RawResponse head = client.readResponse("HEAD");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-encoding")).isEmpty();
            service.answerWith(Scripts.raw("HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n"));
            RawResponse unchanged =
                    client.exchange(head("GET", GZIP + "\r\nIf-None-Match: W/\"v1\""));
            assertThat(unchanged.status()).isEqualTo(304);
            assertThat(unchanged.header("content-encoding")).isEmpty();
            service.answerWith(text("Content-Type: text/plain"));
            assertThat(unzipped(client.exchange(head("GET", GZIP)).body())).isEqualTo(TEXT);
            assertThat(client.exchange(head("GET", "x-a: b")).text()).isEqualTo(TEXT);
            assertThat(unzipped(client.exchange(head("GET", GZIP)).body())).isEqualTo(TEXT);
            service.answerWith(Scripts.text(200, "few words", "Content-Type: text/plain"));
            assertThat(client.exchange(head("GET", GZIP)).text()).isEqualTo("few words");
        }
    }

    /** Compressed or not, in either protocol: what a service has said must not wait. */
    @ParameterizedTest
    @EnumSource
    void holdsNothingBack(Version version) throws Exception {
        for (String type : List.of("text/plain", "text/event-stream")) {
            for (String encoding : List.of("gzip", "identity")) {
                var heard = new CountDownLatch(1);
                service.answerWith(
                        exchange -> {
                            exchange.startChunks(200, "Content-Type: " + type);
                            exchange.chunk("data: one\n\n");
                            assertThat(await(heard)).isTrue();
                            exchange.chunk("data: two\n\n");
                            exchange.endChunks();
                        });
                HttpResponse<InputStream> response = ask(version, encoding);
                InputStream body = response.body();
                if (encoding.equals("gzip")) {
                    assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
                    body = new GZIPInputStream(body, 16);
                }
                assertThat(body.readNBytes(11)).asString().isEqualTo("data: one\n\n");
                heard.countDown();
                assertThat(body.readAllBytes()).asString().isEqualTo("data: two\n\n");
            }
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpResponse<InputStream> ask(Version version, String encoding)
            throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "https://localhost:"
                                                + secure.address().getPort()
                                                + "/app/x"))
                        .header("Accept-Encoding", encoding)
                        .timeout(Duration.ofSeconds(10))
                        .build();
        return Objects.requireNonNull(CLIENTS.get(version))
                .send(request, BodyHandlers.ofInputStream());
    }
}
