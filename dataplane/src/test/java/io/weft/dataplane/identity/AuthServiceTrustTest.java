// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.weft.conformance.access.KeyServer;
import io.weft.conformance.access.SigningKey;
import io.weft.conformance.tls.TestAuthority;
import io.weft.conformance.tls.TestIdentity;
import io.weft.dataplane.telemetry.TokenCounts;
import io.weft.dataplane.token.TokenSettings;
import io.weft.dataplane.token.TokenVerifier;
import io.weft.policy.token.SigningAlgorithm;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** J-21 of the hostile inputs: the keys of the mesh's own issuer, when TLS does not work out. */
@Execution(ExecutionMode.CONCURRENT)
class AuthServiceTrustTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create("shop.example");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SigningKey first = SigningKey.es256("first");
    private final SigningKey second = SigningKey.es256("second");
    private final WorkloadIdentity own = new WorkloadIdentity();
    private final TokenCounts counts = new TokenCounts();
    private final TokenPolicy policy =
            new TokenPolicy(
                    "mesh",
                    "https://id.test",
                    List.of("A"),
                    null,
                    Set.of(SigningAlgorithm.ES256),
                    List.of());

    @TempDir private Path directory;

    @BeforeEach
    void believe() throws Exception {
        TestIdentity cart = AUTHORITY.workload("cart");
        own.replace(
                Credentials.of(
                        Svid.of(cart.key(), cart.chain()),
                        TrustBundle.parse(AUTHORITY.bundle()),
                        Clock.systemUTC()));
    }

    static Stream<Arguments> impostors() {
        Instant now = Instant.now();
        return Stream.of(
                Arguments.of(
                        "another authority",
                        TestAuthority.create("shop.example").workload("auth-service")),
                Arguments.of("another workload", AUTHORITY.workload("orders")),
                Arguments.of(
                        "a certificate that has ended",
                        AUTHORITY.issue(
                                AUTHORITY
                                        .order("auth-service")
                                        .valid(now.minusSeconds(100), now.minusSeconds(1)))));
    }

    @ParameterizedTest(name = "J-21 {0}")
    @MethodSource("impostors")
    void keysStayWhoeverAnswersInstead(String name, TestIdentity impostor) throws Exception {
        assertThat(name).isNotEmpty();
        int port;
        TokenVerifier verifier;
        try (KeyServer issuer = issuer(0, AUTHORITY.workload("auth-service"), first)) {
            port = issuer.port();
            verifier = verifier(issuer, own);
            await().atMost(PATIENCE).until(() -> accepts(verifier, first));
        }
        try (verifier) {
            try (KeyServer instead = issuer(port, impostor, second)) {
                long failed = failedFetches();
                await().atMost(PATIENCE).until(() -> failedFetches() > failed + 1);
                assertThat(instead.requests()).isZero();
            }
            assertThat(accepts(verifier, first)).isTrue();
            assertThat(accepts(verifier, second)).isFalse();

            try (KeyServer back = issuer(port, AUTHORITY.workload("auth-service"), second)) {
                await().atMost(PATIENCE).until(() -> accepts(verifier, second));
                assertThat(back.requests()).isPositive();
            }
        }
    }

    @Test
    void nobodyIsBelievedBeforeThereIsABundle() throws Exception {
        try (KeyServer issuer = issuer(0, AUTHORITY.workload("auth-service"), first);
                TokenVerifier verifier = verifier(issuer, new WorkloadIdentity())) {
            await().atMost(PATIENCE).until(() -> failedFetches() > 0);
            assertThat(accepts(verifier, first)).isFalse();
            assertThat(issuer.requests()).isZero();
        }
    }

    private long failedFetches() {
        return counts.collect().stream()
                .filter(each -> each.getMetadata().getName().equals("weft_token_key_fetches"))
                .map(CounterSnapshot.class::cast)
                .flatMap(each -> each.getDataPoints().stream())
                .filter(each -> "failed".equals(each.getLabels().get("result")))
                .mapToLong(each -> (long) each.getValue())
                .sum();
    }

    private static KeyServer issuer(int port, TestIdentity identity, SigningKey key)
            throws Exception {
        return KeyServer.on(port, identity.believingEverybody(), key);
    }

    private TokenVerifier verifier(KeyServer issuer, WorkloadIdentity own) {
        var verifier =
                new TokenVerifier(
                        new TokenSettings(
                                issuer.url(),
                                directory,
                                Duration.ofSeconds(1),
                                Duration.ofHours(24)),
                        () -> AuthServiceTrust.of(own),
                        counts,
                        Clock.systemUTC());
        verifier.use(List.of(policy));
        return verifier;
    }

    private boolean accepts(TokenVerifier verifier, SigningKey key) {
        String claims =
                "{\"iss\":\"https://id.test\",\"aud\":\"A\",\"sub\":\"ada\",\"exp\":%d}"
                        .formatted(Instant.now().getEpochSecond() + 300);
        byte[] token = key.sign(claims).getBytes(StandardCharsets.ISO_8859_1);
        return verifier.check(policy, token, 0, token.length) instanceof TokenCheck.Verified;
    }
}
