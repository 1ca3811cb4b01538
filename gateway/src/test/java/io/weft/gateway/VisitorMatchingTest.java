// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Wire;
import io.weft.dataplane.engine.Explanations;
import io.weft.dataplane.engine.Question;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the edge alone knows of a request: where it comes from, and to which port. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class VisitorMatchingTest {

    private static RecordingUpstream service;
    private static RunningGateway gateway;
    private static SSLContext trust;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        service = RecordingUpstream.start();
        TlsIdentity identity = TlsIdentity.create(directory);
        trust = identity.trustingClient();
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
        gateway.policy(
                """
                weft:
                  services:
                    app: { mtls: permissive }
                  routes:
                    app:
                      at: edge
                      rules:
                        port: { match: { path: { prefix: /port }, port: %d }, to: { app: 1 }, response-headers: { set: { x-rule: port } } }
                        other: { match: { path: { prefix: /port }, port: 9 }, to: { app: 1 }, response-headers: { set: { x-rule: other } } }
                        here: { match: { path: { prefix: /from }, from: { networks: [127.0.0.0/8, "::1"] } }, to: { app: 1 }, response-headers: { set: { x-rule: here } } }
                        office: { match: { path: { prefix: /from }, from: { networks: [192.0.2.0/24] } }, to: { app: 1 }, response-headers: { set: { x-rule: office } } }
                        beta: { match: { path: { prefix: /beta }, cookies: { beta: "1" } }, to: { app: 1 }, response-headers: { set: { x-rule: beta } } }
                  access:
                    anyone: { to: { services: [app] }, user: anyone, effect: allow }
                """
                        .formatted(gateway.address().getPort()));
        gateway.endpoints("app", List.of(new RunningGateway.Endpoint(service.address(), Map.of())));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        service.close();
        assertThat(service.failures()).isEmpty();
    }

    private static HttpResponse<String> get(Version version, String path, String... fields)
            throws Exception {
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "https://localhost:" + gateway.address().getPort() + path))
                        .timeout(Duration.ofSeconds(10));
        if (fields.length > 0) {
            request.headers(fields);
        }
        try (var client = HttpClient.newBuilder().sslContext(trust).version(version).build()) {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(version);
            return response;
        }
    }

    @ParameterizedTest
    @EnumSource
    void knowsThePortAndTheAddressOfAConnection(Version version) throws Exception {
        assertThat(get(version, "/port").headers().firstValue("x-rule")).hasValue("port");
        assertThat(
                        get(version, "/from", "X-Forwarded-For", "192.0.2.7")
                                .headers()
                                .firstValue("x-rule"))
                .hasValue("here");
    }

    @Test
    void doesNotBelieveThePortThatAClientWrites() throws Exception {
        try (SSLSocket socket =
                (SSLSocket)
                        trust.getSocketFactory()
                                .createSocket("localhost", gateway.address().getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(
                            Wire.bytes(
                                    Wire.head(
                                            "GET /port HTTP/1.1",
                                            "Host: localhost:9",
                                            "Connection: close")));
            String answer = Wire.text(socket.getInputStream().readAllBytes());
            assertThat(answer).startsWith("HTTP/1.1 200 ").contains("x-rule: port");
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsCookies(Version version) throws Exception {
        HttpResponse<String> beta = get(version, "/beta", "Cookie", "a=b; beta=1");
        assertThat(beta.headers().firstValue("x-rule")).hasValue("beta");
        assertThat(get(version, "/beta", "Cookie", "beta=2").statusCode()).isEqualTo(404);
    }

    @Test
    void explainsByTheAddressAndThePortOfTheQuestion() {
        assertThat(explanation("a.test:9", "/port", "192.0.2.7")).contains("\"rule\":\"other\"");
        assertThat(explanation("a.test", "/port", "192.0.2.7"))
                .contains("\"route\":\"unknown_host\"");
        assertThat(explanation("a.test", "/from", "192.0.2.7")).contains("\"rule\":\"office\"");
    }

    private static String explanation(String host, String path, String address) {
        var question = new Question("GET", host, path, List.of(), null, address);
        return gateway.bean(Explanations.class).request(question).orElseThrow();
    }
}
