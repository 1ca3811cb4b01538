// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.weft.conformance.access.KeyServer;
import io.weft.conformance.access.SigningKey;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.User;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestUsersTest {

    private final SigningKey key = SigningKey.es256("k");

    @TempDir private Path directory;
    private KeyServer issuer;
    private VerifierUnderTest verifier;

    @BeforeEach
    void start() throws Exception {
        issuer = KeyServer.publishing(key);
        verifier = new VerifierUnderTest(issuer, directory).awaitKeys(key);
    }

    @AfterEach
    void stop() {
        verifier.close();
        issuer.close();
    }

    @Test
    void findsTheBearerOfARequest() {
        String token = key.sign(verifier.claims(",\"scope\":\"read\""));

        assertThat(user("Bearer " + token))
                .isInstanceOfSatisfying(
                        TokenCheck.Verified.class,
                        verified -> {
                            User user = verified.user();
                            assertThat(user.subject()).isEqualTo("ada");
                            assertThat(user.scopes()).containsExactly("read");
                        });
        assertThat(user("bEARER " + token)).isInstanceOf(TokenCheck.Verified.class);
        assertThat(user("Bearer  " + token)).isInstanceOf(TokenCheck.Invalid.class);
        assertThat(user("Basic YTpi")).isEqualTo(TokenCheck.ABSENT);
        assertThat(user("Bearerx " + token)).isEqualTo(TokenCheck.ABSENT);
        assertThat(user()).isEqualTo(TokenCheck.ABSENT);
        assertThat(user("Bearer")).isInstanceOf(TokenCheck.Invalid.class);
        assertThat(user("Bearer ")).isInstanceOf(TokenCheck.Invalid.class);
        assertThat(user("Bearer " + token, "Bearer " + token))
                .isEqualTo(new TokenCheck.Invalid("more than one Authorization header"));
    }

    @Test
    void forgetsWhatHasExpired() {
        String token = key.sign(verifier.claims());
        assertThat(verifier.accepts(token)).isTrue();

        verifier.clock.advance(Duration.ofSeconds(359));
        assertThat(verifier.accepts(token)).isTrue();
        verifier.clock.advance(Duration.ofSeconds(2));
        assertThat(verifier.reason(token)).isEqualTo("the token has expired");
    }

    @Test
    void checksAKnownTokenForNextToNothing() {
        byte[] token = key.sign(verifier.claims()).getBytes(StandardCharsets.US_ASCII);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int calls = 100_000;
        check(token, calls);
        long bytes = threads.getCurrentThreadAllocatedBytes();
        long time = System.nanoTime();
        check(token, calls);
        time = System.nanoTime() - time;
        bytes = threads.getCurrentThreadAllocatedBytes() - bytes;

        System.out.printf(
                "known token of %d bytes: %d ns, %d bytes allocated%n",
                token.length, time / calls, bytes / calls);
        assertThat(bytes / calls).isLessThan(200);
    }

    private void check(byte[] token, int times) {
        for (int i = 0; i < times; i++) {
            if (!(verifier.verifier.check(verifier.policy, token, 0, token.length)
                    instanceof TokenCheck.Verified)) {
                throw new AssertionError("no longer accepted");
            }
        }
    }

    private TokenCheck user(String... authorization) {
        var request = PlainRequest.of("GET", "a.test", "/");
        for (String each : authorization) {
            request.header("Authorization", each);
        }
        return new RequestUsers(verifier.verifier).of(request.build()).user(verifier.policy);
    }
}
