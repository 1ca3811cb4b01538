// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.access.HostileTokens;
import io.weft.conformance.access.KeyServer;
import io.weft.conformance.access.SigningKey;
import io.weft.policy.token.TokenCheck;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Section D of the hostile inputs, J-01 to J-17, against a true issuer: to the second, and without
 * a proxy around, which other tests send the same tokens to.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileTokensTest {

    private static final int TIMES = 20;
    private static final Duration LITTLE = Duration.ofSeconds(1);

    private final SigningKey es = SigningKey.es256("es");
    private final SigningKey rs = SigningKey.rs256("rs", 2_048);
    private final SigningKey attacker = SigningKey.es256("es");

    private KeyServer issuer;
    private KeyServer trap;
    private VerifierUnderTest verifier;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        issuer = KeyServer.publishing(es, rs);
        trap = KeyServer.publishing(attacker);
        verifier = new VerifierUnderTest(issuer, directory).awaitKeys(es);
    }

    @AfterAll
    void stop() {
        verifier.close();
        issuer.close();
        trap.close();
        assertThat(trap.requests()).as("requests that a token caused").isZero();
    }

    @TestFactory
    Stream<DynamicTest> believesNoneButThoseThatAreSound() {
        return tokens().stream()
                .map(each -> DynamicTest.dynamicTest(each.toString(), () -> judge(each)));
    }

    private List<HostileTokens.Row> tokens() {
        return new HostileTokens(
                        es, rs, attacker, trap.url().toString(), verifier.clock::seconds, 0)
                .rows();
    }

    private void judge(HostileTokens.Row row) {
        String token = row.text().get();
        long before = cpuNanos();
        for (int i = 0; i < TIMES; i++) {
            assertThat(verifier.accepts(token)).as(verifier.reason(token)).isEqualTo(row.sound());
        }
        assertThat(Duration.ofNanos(cpuNanos() - before)).isLessThan(LITTLE);
    }

    /** What a token costs is counted by the processor: a busy machine makes none dearer. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Test
    void refusesSpaceAroundAToken() {
        String token = es.sign(verifier.claims());

        assertThat(verifier.accepts(token + " ")).isFalse();
        assertThat(verifier.accepts(" " + token)).isFalse();
    }

    @Test
    void saysThatTheAlgorithmIsThatOfAnotherKey() {
        assertThat(
                        verifier.reason(
                                es.sign("{\"alg\":\"RS256\",\"kid\":\"es\"}", verifier.claims())))
                .isEqualTo("the token is signed by an unknown key");
    }

    /** J-03: whoever may use the one may use the other, and is the same user. */
    @Test
    void takesTheTwinOfATokenForNobodyElse() {
        String token = es.sign(verifier.claims());
        TokenCheck twin = verifier.check(HostileTokens.highOrLow(token));

        if (twin instanceof TokenCheck.Verified verified) {
            assertThat(verifier.check(token))
                    .isInstanceOfSatisfying(
                            TokenCheck.Verified.class,
                            it ->
                                    assertThat(it.user().subject())
                                            .isEqualTo(verified.user().subject()));
        }
    }
}
