// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.access.KeyServer;
import io.weft.conformance.access.SigningKey;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Most of it is waiting. */
@Execution(ExecutionMode.CONCURRENT)
class KeySourceTest {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SigningKey first = SigningKey.es256("first");
    private final SigningKey second = SigningKey.es256("second");
    private final TestClock clock = new TestClock();

    @TempDir private Path directory;

    static Stream<Arguments> badAnswers() {
        byte[] block = new byte[1_024 * 1_024];
        return Stream.of(
                Arguments.of("500", KeyServer.text(500, "oops", Map.of())),
                Arguments.of("204", KeyServer.text(204, "", Map.of())),
                Arguments.of("not JSON", KeyServer.text(200, "<html>", Map.of())),
                Arguments.of("an array", KeyServer.text(200, "[]", Map.of())),
                Arguments.of("no keys", KeyServer.text(200, "{\"keys\":[]}", Map.of())),
                Arguments.of("nested", KeyServer.text(200, "[".repeat(100_000), Map.of())),
                Arguments.of(
                        "only a weak key",
                        KeyServer.text(
                                200, KeyServer.jwks(SigningKey.rs256("weak", 1_024)), Map.of())),
                Arguments.of(
                        "100 MB",
                        (KeyServer.Answer)
                                exchange -> {
                                    exchange.sendResponseHeaders(200, 0);
                                    try (OutputStream body = exchange.getResponseBody()) {
                                        for (int i = 0; i < 100; i++) {
                                            body.write(block);
                                        }
                                    }
                                }));
    }

    @ParameterizedTest(name = "J-21 {0}")
    @MethodSource("badAnswers")
    void keepsTheLastGoodKeys(String name, KeyServer.Answer bad) throws Exception {
        try (var issuer = KeyServer.publishing(first);
                var verifier = new VerifierUnderTest(issuer.url(), directory, clock, SOON)) {
            verifier.awaitKeys(first);
            issuer.answer(bad);
            int before = issuer.requests();
            await().atMost(PATIENCE).until(() -> issuer.requests() > before + 1);

            assertThat(verifier.reason(first.sign(verifier.claims(",\"jti\":\"1\""))))
                    .isEqualTo("accepted");

            issuer.publish(first, second);
            verifier.awaitKeys(second);
        }
    }

    /** J-21: keys are where the policy says, whoever answers there. */
    @ParameterizedTest(name = "J-21 {0}")
    @ValueSource(ints = {302, 308})
    void followsNobodyElsewhere(int status) throws Exception {
        try (var issuer = KeyServer.publishing(first);
                var elsewhere = KeyServer.publishing(second);
                var verifier = new VerifierUnderTest(issuer.url(), directory, clock, SOON)) {
            verifier.awaitKeys(first);
            int before = issuer.requests();
            var location = Map.of("location", elsewhere.url().toString());
            issuer.answer(KeyServer.text(status, "", location));
            await().atMost(PATIENCE).until(() -> issuer.requests() > before + 1);

            assertThat(elsewhere.requests()).isZero();
            assertThat(verifier.accepts(first.sign(verifier.claims(",\"jti\":\"1\"")))).isTrue();
            assertThat(verifier.accepts(second.sign(verifier.claims()))).isFalse();
        }
    }

    @Test
    void givesUpOnAnIssuerThatNeverFinishes() throws Exception {
        var end = new CountDownLatch(1);
        try (var issuer = KeyServer.publishing(first);
                var verifier = new VerifierUnderTest(issuer.url(), directory, clock, SOON)) {
            verifier.awaitKeys(first);
            int before = issuer.requests();
            issuer.answer(
                    exchange -> {
                        exchange.sendResponseHeaders(200, 100);
                        exchange.getResponseBody().flush();
                        try {
                            end.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
            await().atMost(PATIENCE).until(() -> issuer.requests() > before + 1);

            assertThat(verifier.accepts(first.sign(verifier.claims(",\"jti\":\"1\"")))).isTrue();
            issuer.publish(second);
            verifier.awaitKeys(second);
        } finally {
            end.countDown();
        }
    }

    @Test
    void isSettledOnceTheFirstKeysAreThere() throws Exception {
        var asked = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        KeyServer.Answer keys = KeyServer.text(200, KeyServer.jwks(first), Map.of());
        try (var issuer = KeyServer.publishing(first)) {
            issuer.answer(
                    exchange -> {
                        asked.countDown();
                        try {
                            answer.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        keys.to(exchange);
                    });
            Duration refresh = Duration.ofMinutes(5);
            try (var it = new VerifierUnderTest(issuer.url(), directory, clock, refresh)) {
                asked.await();
                assertThat(it.verifier.isSettled()).isFalse();
                answer.countDown();
                await().atMost(PATIENCE).until(it.verifier::isSettled);
                assertThat(it.accepts(first.sign(it.claims()))).isTrue();

                it.verifier.use(
                        List.of(VerifierUnderTest.policy(URI.create("http://127.0.0.1:1"))));
                assertThat(it.verifier.isSettled()).isTrue();
            }
            try (var again = new VerifierUnderTest(issuer.url(), directory, clock, refresh)) {
                assertThat(again.verifier.isSettled()).isTrue();
            }
        } finally {
            answer.countDown();
        }
    }

    @Test
    void isSettledWithoutAnIssuerAfterTheFirstAttempt() {
        URI nobody = URI.create("http://127.0.0.1:1/jwks");
        try (var it = new VerifierUnderTest(nobody, directory, clock, Duration.ofMinutes(5))) {
            await().atMost(PATIENCE).until(it.verifier::isSettled);
        }
    }

    @Test
    void saysWhyBeforeTheFirstKeysAndTriesAgain() throws Exception {
        URI url;
        int port;
        try (var gone = KeyServer.publishing(first)) {
            url = gone.url();
            port = gone.port();
        }
        try (var verifier = new VerifierUnderTest(url, directory, clock, Duration.ofMinutes(5))) {
            assertThat(verifier.reason(first.sign(verifier.claims())))
                    .isEqualTo("the keys of the issuer are not known yet");
            try (var issuer = KeyServer.on(port, first)) {
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> verifier.accepts(first.sign(verifier.claims())));
                assertThat(issuer.requests()).isPositive();
            }
        }
    }

    @Test
    void refusesAnHttpsIssuerThatItCannotTrust() throws Exception {
        try (var issuer = KeyServer.publishing(first);
                var verifier =
                        new VerifierUnderTest(
                                URI.create(issuer.url().toString().replace("http:", "https:")),
                                directory,
                                clock,
                                SOON)) {
            assertThat(verifier.reason(first.sign(verifier.claims())))
                    .isEqualTo("the keys of the issuer are not known yet");
            assertThat(issuer.requests()).isZero();
        }
    }

    @Test
    void startsWithTheKeysOfBeforeUntilTheyAreTooOld() throws Exception {
        URI url;
        try (var issuer = KeyServer.publishing(first);
                var verifier = new VerifierUnderTest(issuer, directory)) {
            verifier.awaitKeys(first);
            url = issuer.url();
        }
        try (var verifier = new VerifierUnderTest(url, directory, clock, Duration.ofMinutes(5))) {
            assertThat(verifier.reason(first.sign(verifier.claims()))).isEqualTo("accepted");
            assertThat(verifier.reason(second.sign(verifier.claims())))
                    .isEqualTo("the token is signed by an unknown key");

            clock.advance(Duration.ofHours(25));
            assertThat(verifier.reason(first.sign(verifier.claims())))
                    .isEqualTo("the keys of the issuer are too old");
        }
    }

    @Test
    void asksOnceInThirtySecondsForUnknownKeys() throws Exception {
        try (var issuer = KeyServer.publishing(first);
                var verifier =
                        new VerifierUnderTest(
                                issuer.url(), directory, clock, Duration.ofMinutes(5))) {
            verifier.awaitKeys(first);
            int before = issuer.requests();
            for (int i = 0; i < 500; i++) {
                String unknown = SigningKey.part("{\"alg\":\"ES256\",\"kid\":\"" + i + "\"}");
                assertThat(verifier.reason(unknown + ".e30.AAAA"))
                        .isEqualTo("the token is signed by an unknown key");
            }
            await().atMost(PATIENCE).until(() -> issuer.requests() == before + 1);

            issuer.publish(first, second);
            assertThat(verifier.accepts(second.sign(verifier.claims()))).isFalse();
            assertThat(issuer.requests()).isEqualTo(before + 1);

            clock.advance(Duration.ofSeconds(31));
            verifier.awaitKeys(second);
            assertThat(issuer.requests()).isEqualTo(before + 2);
        }
    }

    @Test
    void rotationRefusesNoGoodToken() throws Exception {
        try (var issuer = KeyServer.publishing(first);
                var verifier = new VerifierUnderTest(issuer.url(), directory, clock, SOON)) {
            verifier.awaitKeys(first);
            String old = first.sign(verifier.claims());

            // J-23: published before it signs, and its predecessor removed after an overlap.
            issuer.publish(first, second);
            int published = issuer.requests();
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                assertThat(verifier.reason(old)).isEqualTo("accepted");
                                return issuer.requests() > published + 1;
                            });
            assertThat(verifier.reason(second.sign(verifier.claims()))).isEqualTo("accepted");

            issuer.publish(second);
            await().atMost(PATIENCE).until(() -> !verifier.accepts(old));
            assertThat(verifier.reason(second.sign(verifier.claims()))).isEqualTo("accepted");
        }
    }

    @Test
    void asksWhetherAnythingChanged() throws Exception {
        try (var issuer = KeyServer.publishing(first)) {
            KeyServer.Answer full =
                    KeyServer.text(200, KeyServer.jwks(first), Map.of("etag", "\"1\""));
            KeyServer.Answer unchanged = KeyServer.text(304, "", Map.of());
            issuer.answer(
                    exchange ->
                            ("\"1\"".equals(exchange.getRequestHeaders().getFirst("if-none-match"))
                                            ? unchanged
                                            : full)
                                    .to(exchange));
            try (var verifier = new VerifierUnderTest(issuer.url(), directory, clock, SOON)) {
                verifier.awaitKeys(first);
                await().atMost(PATIENCE).until(() -> issuer.requests() > 2);
                clock.advance(Duration.ofHours(23));
                int before = issuer.requests();
                await().atMost(PATIENCE).until(() -> issuer.requests() > before + 1);
                clock.advance(Duration.ofHours(23));

                assertThat(verifier.reason(first.sign(verifier.claims()))).isEqualTo("accepted");
            }
        }
    }
}
