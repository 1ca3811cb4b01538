// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import io.weft.dataplane.failure.RefusalLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who is believed about whose request it is: the proxies that the gateway trusts, nobody else. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class BehindProxiesTest {

    private static final String POLICY =
            """
            weft:
              services:
                app: { mtls: permissive }
              routes:
                app:
                  hosts: [a.test, localhost]
                  rules:
                    all: { match: { path: { prefix: / } }, to: { app: 1 } }
                    moved: { match: { path: { prefix: /moved } }, redirect: { path: { full: /there } } }
              access:
                anyone: { to: { services: [app], paths: [/open/**] }, user: anyone, effect: allow }
                office: { to: { services: [app] }, from: { networks: [192.0.2.0/24, "2001:db8::/64"] }, effect: allow }
            """;

    private static RecordingUpstream service;

    /** Trusts this machine, in clear and with TLS. */
    private static RunningGateway behind;

    private static RunningGateway behindWithTls;

    /** Trusts others. */
    private static RunningGateway alone;

    private static final Map<Version, HttpClient> CLIENTS = new EnumMap<>(Version.class);

    /** An application of a user. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Mirror.class)
    static class UsersApplication {}

    @RestController
    static class Mirror {
        @GetMapping("/mirror")
        String whoAsks(ServerHttpRequest request) {
            return request.getURI().getScheme()
                    + " "
                    + Objects.requireNonNull(request.getRemoteAddress())
                            .getAddress()
                            .getHostAddress()
                    + " "
                    + request.getHeaders().headerNames().stream()
                            .filter(each -> each.toLowerCase(Locale.ROOT).contains("forwarded"))
                            .toList();
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        TlsIdentity identity = TlsIdentity.create(directory);
        service = RecordingUpstream.start();
        var tls = new HashMap<String, String>();
        tls.put("server.http2.enabled", "true");
        tls.put("server.ssl.key-store", identity.store().toString());
        tls.put("server.ssl.key-store-password", TlsIdentity.PASSWORD);
        // As Spring Boot has it where it sees Kubernetes.
        tls.put("server.forward-headers-strategy", "native");
        behind = trusting("127.0.0.0/8, 10.0.0.0/8", Map.of());
        behindWithTls = trusting("127.0.0.1", tls);
        alone = trusting("10.0.0.0/8", tls);
        for (Version version : Version.values()) {
            CLIENTS.put(
                    version,
                    HttpClient.newBuilder()
                            .sslContext(identity.trustingClient())
                            .version(version)
                            .build());
        }
    }

    private static RunningGateway trusting(String networks, Map<String, String> settings)
            throws IOException {
        var all = new HashMap<>(settings);
        all.put("weft.gateway.trusted-proxies", networks);
        RunningGateway gateway = RunningGateway.start(UsersApplication.class, all);
        gateway.policy(POLICY);
        gateway.endpoints("app", List.of(new RunningGateway.Endpoint(service.address(), Map.of())));
        return gateway;
    }

    @AfterAll
    static void stop() throws IOException {
        CLIENTS.values().forEach(HttpClient::shutdownNow);
        behind.close();
        behindWithTls.close();
        alone.close();
        service.close();
        assertThat(service.failures()).isEmpty();
    }

    @BeforeEach
    void forget() {
        service.forget();
        service.answerWith(Scripts.text(200, "an answer"));
    }

    private static String get(String path, String... fields) {
        var lines = new ArrayList<>(List.of("GET " + path + " HTTP/1.1", "Host: a.test"));
        lines.addAll(List.of(fields));
        return Wire.head(lines.toArray(String[]::new));
    }

    private static RawResponse ask(String path, String... fields) throws IOException {
        try (RawClient client = RawClient.connect(behind.address())) {
            return client.exchange(get(path, fields));
        }
    }

    private static RecordedRequest onlyRequest() {
        assertThat(service.requests()).hasSize(1);
        return service.requests().getFirst();
    }

    @Test
    void tellsServicesWhoAskedATrustedProxy() throws IOException {
        ask(
                "/open/x",
                "X-Forwarded-For: 6.6.6.6, 198.51.100.1:4711",
                "x-forwarded-for: 10.1.1.1",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil.test",
                "Forwarded: for=192.0.2.1;host=evil.test");

        RecordedRequest request = onlyRequest();
        assertThat(request.departures()).isEmpty();
        assertThat(request.header("x-forwarded-for")).hasValue("198.51.100.1");
        assertThat(request.header("x-forwarded-proto")).hasValue("https");
        assertThat(request.header("x-forwarded-host")).hasValue("a.test");
        assertThat(request.head().fields().lines())
                .noneMatch(field -> field.value().contains("evil"))
                .noneMatch(field -> field.value().contains("6.6.6.6"));
    }

    @Test
    void decidesAboutEachRequestOfAProxysConnection() throws IOException {
        try (RawClient proxy = RawClient.connect(behind.address())) {
            assertThat(proxy.exchange(get("/x", "X-Forwarded-For: 192.0.2.9")).status())
                    .isEqualTo(200);
            assertThat(proxy.exchange(get("/x", "X-Forwarded-For: 198.51.100.1")).status())
                    .isEqualTo(403);
            assertThat(proxy.exchange(get("/x")).status()).isEqualTo(403);
            assertThat(proxy.exchange(get("/x", "X-Forwarded-For: [2001:db8::7]:80")).status())
                    .isEqualTo(200);
            assertThat(proxy.exchange(get("/x", "X-Forwarded-For: 192.0.2.9, 6.6.6.6")).status())
                    .isEqualTo(403);
            assertThat(proxy.exchange(get("/x", "X-Forwarded-For: 192.0.2.9, junk")).status())
                    .isEqualTo(403);
        }
    }

    @Test
    void namesTheClientWhenItRefuses() throws IOException {
        ask("/x", "X-Forwarded-For: 198.51.100.77");
        assertThat(behind.bean(RefusalLog.class).all())
                .anyMatch(each -> each.toString().contains("198.51.100.77"));
    }

    @Test
    void redirectsByTheSchemeThatTheClientUsed() throws IOException {
        assertThat(ask("/moved").header("location")).hasValue("http://a.test/there");
        assertThat(ask("/moved", "X-Forwarded-Proto: https").header("location"))
                .hasValue("https://a.test/there");
        assertThat(ask("/moved", "X-Forwarded-Proto: javascript").header("location"))
                .hasValue("http://a.test/there");
    }

    @Test
    void showsSpringTheClientAsIfItHadConnectedItself() throws IOException {
        try (RawClient client = RawClient.connect(behind.address())) {
            RawResponse response =
                    client.exchange(
                            Wire.head(
                                    "GET /mirror HTTP/1.1",
                                    "Host: other.test",
                                    "X-Forwarded-For: 192.0.2.1, 198.51.100.1",
                                    "X-Forwarded-Proto: https"));
            assertThat(response.text()).isEqualTo("https 198.51.100.1 []");
        }
    }

    private static HttpResponse<String> send(
            RunningGateway gateway, Version version, String host, String path) throws Exception {
        URI uri = URI.create("https://" + host + ":" + gateway.address().getPort() + path);
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .header("X-Forwarded-For", "6.6.6.6, 192.0.2.9")
                        .header("X-Forwarded-Proto", "http")
                        .header("X-Forwarded-Host", "evil.test")
                        .header("Forwarded", "for=192.0.2.9;proto=http")
                        .timeout(Duration.ofSeconds(10))
                        .build();
        HttpResponse<String> response =
                Objects.requireNonNull(CLIENTS.get(version)).send(request, BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(version);
        return response;
    }

    @ParameterizedTest
    @EnumSource
    void believesATrustedProxyInBothProtocols(Version version) throws Exception {
        assertThat(send(behindWithTls, version, "localhost", "/x").statusCode()).isEqualTo(200);
        assertThat(onlyRequest().header("x-forwarded-for")).hasValue("192.0.2.9");
        assertThat(onlyRequest().header("x-forwarded-proto")).hasValue("http");
        assertThat(send(behindWithTls, version, "127.0.0.1", "/mirror").body())
                .isEqualTo("http 192.0.2.9 []");
    }

    @ParameterizedTest
    @EnumSource
    void believesNobodyElse(Version version) throws Exception {
        assertThat(send(alone, version, "localhost", "/x").statusCode()).isEqualTo(403);
        assertThat(send(alone, version, "localhost", "/open/x").statusCode()).isEqualTo(200);
        assertThat(onlyRequest().header("x-forwarded-for")).hasValue("127.0.0.1");
        assertThat(onlyRequest().header("x-forwarded-proto")).hasValue("https");
        assertThat(send(alone, version, "127.0.0.1", "/mirror").body())
                .isEqualTo("https 127.0.0.1 []");
    }
}
