// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import static org.awaitility.Awaitility.await;

import io.weft.conformance.access.KeyServer;
import io.weft.conformance.access.SigningKey;
import io.weft.dataplane.telemetry.TokenCounts;
import io.weft.policy.token.SigningAlgorithm;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** A verifier with one policy, and tokens for it. */
final class VerifierUnderTest implements AutoCloseable {

    /** Where every policy says where its keys are, the mesh's own are not asked for. */
    static final Supplier<SSLContext> NO_MESH_KEYS =
            () -> {
                throw new AssertionError("the mesh's own keys are asked for");
            };

    static final String ISSUER = "https://id.test";
    static final String AUDIENCE = "A";

    final TestClock clock;
    final TokenVerifier verifier;
    final TokenPolicy policy;

    VerifierUnderTest(URI keys, Path directory, TestClock clock, Duration refresh) {
        this.clock = clock;
        this.policy = policy(keys);
        this.verifier =
                new TokenVerifier(
                        new TokenSettings(
                                URI.create("https://127.0.0.1:1/jwks"),
                                directory,
                                refresh,
                                Duration.ofHours(24)),
                        NO_MESH_KEYS,
                        new TokenCounts(),
                        clock);
        verifier.use(List.of(policy));
    }

    VerifierUnderTest(KeyServer keys, Path directory) {
        this(keys.url(), directory, new TestClock(), Duration.ofMinutes(5));
    }

    static TokenPolicy policy(URI keys) {
        return new TokenPolicy(
                "test",
                ISSUER,
                List.of(AUDIENCE),
                keys,
                Set.of(SigningAlgorithm.ES256, SigningAlgorithm.RS256),
                List.of());
    }

    /** Waits until the token of a key that the issuer publishes is accepted. */
    VerifierUnderTest awaitKeys(SigningKey key) {
        await().atMost(Duration.ofSeconds(20)).until(() -> accepts(key.sign(claims())));
        return this;
    }

    String claims() {
        return claims("");
    }

    /** Good claims, and more; a claim that is said twice counts as said last. */
    String claims(String more) {
        return "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"ada\",\"exp\":%d%s}"
                .formatted(ISSUER, AUDIENCE, clock.seconds() + 300, more);
    }

    boolean accepts(String token) {
        return check(token) instanceof TokenCheck.Verified;
    }

    String reason(String token) {
        return check(token) instanceof TokenCheck.Invalid(String reason) ? reason : "accepted";
    }

    TokenCheck check(String token) {
        byte[] bytes = token.getBytes(StandardCharsets.ISO_8859_1);
        return verifier.check(policy, bytes, 0, bytes.length);
    }

    @Override
    public void close() {
        verifier.close();
    }
}
