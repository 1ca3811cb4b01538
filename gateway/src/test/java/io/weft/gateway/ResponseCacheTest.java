// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spring's LocalResponseCache, named by rules: nobody gets what is another's. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ResponseCacheTest {

    private static RecordingUpstream service;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        service = RecordingUpstream.start();
        gateway =
                RunningGateway.start(
                        GatewayApplication.class,
                        Map.of(
                                "spring.cloud.gateway.server.webflux.filter.local-response-cache.enabled",
                                "true"));
        for (String each : List.of("app", "other")) {
            gateway.endpoints(
                    each, List.of(new RunningGateway.Endpoint(service.address(), Map.of())));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        service.close();
        assertThat(service.failures()).isEmpty();
    }

    /** The cache is empty: its route is another one. */
    @BeforeEach
    void begin() {
        gateway.policy(policy("LocalResponseCache=1m,1MB"));
        gateway.policy(policy("LocalResponseCache=5m,10MB"));
        service.forget();
        answerWith();
    }

    private static String policy(String cache) {
        return """
        weft:
          services:
            app: { mtls: permissive }
            other: { mtls: permissive }
          routes:
            app:
              at: edge
              rules:
                kept: { match: { path: { prefix: /kept } }, to: { app: 1 }, filters: ["%s"] }
                plain: { to: { app: 1 } }
            shared:
              at: edge
              rules:
                all: { match: { path: { prefix: /shared } }, to: { app: 1, other: 1 }, filters: [LocalResponseCache] }
          access:
            anyone: { to: { services: [app, other] }, user: anyone, effect: allow }
            nobody: { to: { services: [app], headers: { x-blocked: "1" } }, user: anyone, effect: deny }
        """
                .formatted(cache);
    }

    /** Each answer has another number. */
    private static void answerWith(String... fields) {
        var number = new AtomicInteger();
        service.answerWith(
                exchange -> exchange.answer(200, "answer " + number.incrementAndGet(), fields));
    }

    private static RawResponse ask(String method, String path, String... fields)
            throws IOException {
        var lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1", "Host: a.test"));
        lines.addAll(List.of(fields));
        try (RawClient client = RawClient.connect(gateway.address())) {
            client.write(Wire.head(lines.toArray(String[]::new)));
            return client.readResponse(method);
        }
    }

    private static String get(String path, String... fields) throws IOException {
        RawResponse response = ask("GET", path, fields);
        assertThat(response.status()).isEqualTo(200);
        return response.text();
    }

    @Test
    void answersFromTheCache() throws IOException {
        assertThat(get("/kept/x")).isEqualTo("answer 1");
        assertThat(get("/kept/x")).isEqualTo("answer 1");
        assertThat(get("/kept/y")).isEqualTo("answer 2");
        assertThat(get("/kept/x?q")).isEqualTo("answer 3");
        assertThat(service.requests()).hasSize(3);
    }

    @Test
    void keepsNothingForRulesThatDoNotAskForIt() throws IOException {
        assertThat(get("/plain")).isEqualTo("answer 1");
        assertThat(get("/plain")).isEqualTo("answer 2");
    }

    @Test
    void keepsAnswersOfGetOnly() throws IOException {
        get("/kept/x");
        ask("HEAD", "/kept/x");
        ask("POST", "/kept/x", "Content-Length: 0");
        assertThat(service.requests()).hasSize(3);
    }

    @Test
    void asksTheAccessRulesFirst() throws IOException {
        get("/kept/x");
        Problems.assertIn(ask("GET", "/kept/x", "x-blocked: 1"), 403, "denied");
        assertThat(get("/kept/x")).isEqualTo("answer 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Basic ", "Cookie: session=", "X-Api-Key: "})
    void givesNobodyWhatIsAnothers(String credential) throws IOException {
        assertThat(get("/kept/x", credential + "alice")).isEqualTo("answer 1");
        assertThat(get("/kept/x", credential + "bob")).isEqualTo("answer 2");
        assertThat(get("/kept/x")).isEqualTo("answer 3");
        assertThat(get("/kept/x", credential + "carol")).isEqualTo("answer 4");
    }

    @Test
    void obeysVary() throws IOException {
        answerWith("Vary: Accept-Language");
        assertThat(get("/kept/x", "Accept-Language: en")).isEqualTo("answer 1");
        assertThat(get("/kept/x", "Accept-Language: de")).isEqualTo("answer 2");
        assertThat(get("/kept/x", "Accept-Language: en")).isEqualTo("answer 1");
        assertThat(get("/kept/x")).isEqualTo("answer 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Set-Cookie: session=1",
                "Cache-Control: no-store",
                "Cache-Control: no-cache, no-store, must-revalidate",
                "Cache-Control: private, max-age=60",
                "Cache-Control: max-age=60, private=\"x-user\"",
                "Cache-Control: max-age=0",
                "Vary: accept, *",
            })
    void keepsNothingThatMustNotBeKept(String field) throws IOException {
        answerWith(field);
        assertThat(get("/kept/x")).isEqualTo("answer 1");
        assertThat(get("/kept/x")).isEqualTo("answer 2");
    }

    @Test
    void takesNoPartForTheWhole() throws IOException {
        service.answerWith(Scripts.text(206, "par", "Content-Range: bytes 0-2/7"));
        assertThat(ask("GET", "/kept/x", "Range: bytes=0-2").status()).isEqualTo(206);
        answerWith();
        assertThat(get("/kept/x")).isEqualTo("answer 1");
        service.answerWith(Scripts.text(206, "par", "Content-Range: bytes 0-2/7"));
        assertThat(ask("GET", "/kept/x", "Range: bytes=0-2").status()).isEqualTo(206);
        assertThat(get("/kept/x")).isEqualTo("answer 1");
    }

    @Test
    void keepsWhatComesInPiecesWhenItsEndIsNear() throws IOException {
        String body = "x".repeat(300_000);
        service.answerWith(Scripts.text(200, body));
        assertThat(get("/kept/x")).isEqualTo(body);
        assertThat(get("/kept/x")).isEqualTo(body);
        assertThat(service.requests()).hasSize(1);
        String larger = "x".repeat(2_000_000);
        service.answerWith(Scripts.text(200, larger));
        assertThat(get("/kept/larger")).isEqualTo(larger);
        assertThat(get("/kept/larger")).isEqualTo(larger);
        assertThat(service.requests()).hasSize(3);
    }

    @Test
    void passesStreamsOnWithoutKeepingThem() throws IOException {
        service.answerWith(
                exchange -> {
                    exchange.startChunks(200, "Content-Type: text/event-stream");
                    exchange.chunk("data: one\n\n");
                    exchange.awaitPeerGone(Duration.ofSeconds(10));
                });
        try (RawClient client = RawClient.connect(gateway.address())) {
            client.write(Wire.head("GET /kept/x HTTP/1.1", "Host: a.test"));
            assertThat(client.readHead().status()).isEqualTo(200);
        }
        answerWith();
        assertThat(get("/kept/x")).isEqualTo("answer 1");
    }

    @Test
    void keepsNothingThatBrokeOff() throws IOException {
        service.answerWith(
                exchange -> {
                    exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n");
                    exchange.write("x".repeat(100_000));
                    exchange.close();
                });
        try (RawClient client = RawClient.connect(gateway.address())) {
            client.write(Wire.head("GET /kept/x HTTP/1.1", "Host: a.test"));
            assertThat(client.readUntilClose()).hasSizeLessThan(200_000);
        }
        answerWith();
        assertThat(get("/kept/x")).isEqualTo("answer 1");
    }

    @Test
    void keepsNoMoreThanItMay() throws IOException {
        gateway.policy(policy("LocalResponseCache=5m,2KB"));
        service.answerWith(Scripts.text(200, "x".repeat(10_000)));
        get("/kept/x");
        await().untilAsserted(
                        () -> {
                            get("/kept/x");
                            assertThat(service.requests()).hasSizeGreaterThan(1);
                        });
    }

    @Test
    void staysAsLongAsItsRouteDoes() throws IOException {
        get("/kept/x");
        gateway.policy(
                policy("LocalResponseCache=5m,10MB")
                        + "    more: { to: { services: [app] }, user: anyone, effect: allow }\n");
        assertThat(get("/kept/x")).isEqualTo("answer 1");
        gateway.policy(policy("LocalResponseCache=6m,10MB"));
        assertThat(get("/kept/x")).isEqualTo("answer 2");
    }

    @Test
    void isRefusedWhereAccessCouldBeDecidedAboutAnotherService() throws IOException {
        Problems.assertIn(ask("GET", "/shared/x"), 500, "fault");
        assertThat(gateway.log())
                .anyMatch(line -> line.contains("shared/all: filter LocalResponseCache: answers"));
    }
}
