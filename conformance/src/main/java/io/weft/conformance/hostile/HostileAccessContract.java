// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.access.HostileTokens;
import io.weft.conformance.access.KeyServer;
import io.weft.conformance.access.SigningKey;
import io.weft.conformance.proxy.TestPolicies;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Sections B and D of the corpus where it matters who asks: the targets of {@code targets.yml} from
 * visitors with and without a role, and tokens that nobody should believe. The decision must be
 * about the path that arrives, however it was written. For proxies that decide about access.
 */
public abstract class HostileAccessContract extends HostileFixture {

    private static final String SECRET = "s3cret-marker";

    /** Tokens may be on their way for so many seconds on a machine that is busy. */
    private static final long SLACK = 30;

    private final SigningKey es = SigningKey.es256("es");
    private final SigningKey rs = SigningKey.rs256("rs", 2_048);
    private final SigningKey attacker = SigningKey.es256("es");
    private KeyServer issuer;
    private KeyServer trap;
    private HostileTokens tokens;

    @BeforeAll
    final void guard() throws Exception {
        issuer = KeyServer.publishing(es, rs);
        trap = KeyServer.publishing(attacker);
        tokens =
                new HostileTokens(
                        es,
                        rs,
                        attacker,
                        trap.url().toString(),
                        () -> Instant.now().getEpochSecond(),
                        SLACK);
        proxy.updatePolicy(TestPolicies.guarded(issuer.url()));
        Vector lets = vector("/", es.sign(tokens.claims()), "forwarded");
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () ->
                                new Attempt(lets, new Delivery.Whole())
                                        .run(proxy.address())
                                        .forwarded());
    }

    @AfterAll
    final void unguard() {
        issuer.close();
        trap.close();
        assertThat(trap.requests()).as("requests that a token caused").isZero();
    }

    /** Section B, from everybody. */
    @TestFactory
    protected Stream<DynamicTest> targets() {
        return visitors().flatMap(this::targets);
    }

    Stream<Visitor> visitors() {
        return Arrays.stream(Visitor.values());
    }

    private Stream<DynamicTest> targets(Visitor visitor) {
        RequestTrial trial = trial();
        return VectorFile.requests("targets.yml").stream()
                .filter(visitor::isConcernedBy)
                .map(
                        vector ->
                                row(
                                        vector.id(),
                                        "as " + visitor,
                                        () -> judge(trial, visitor, vector)));
    }

    /**
     * How bytes are cut is the subject of {@link HostileInputContract}. Where the verdict is
     * another one than there, it is asked again.
     */
    private void judge(RequestTrial trial, Visitor visitor, Vector vector)
            throws IOException, InterruptedException {
        Vector sent = visitor.sending(vector, this::field);
        boolean other = !sent.expectation(proxy.plane()).equals(vector.expectation(proxy.plane()));
        if (visitor == Visitor.NOBODY && other) {
            trial.judge(sent);
        } else {
            trial.judgeUncut(sent);
        }
    }

    private Optional<String> field(Visitor visitor) {
        return visitor == Visitor.NOBODY
                ? Optional.empty()
                : Optional.of("Authorization: Bearer " + token(visitor));
    }

    private String token(Visitor visitor) {
        String claims =
                tokens.claims(",\"secret\":\"" + SECRET + "\"")
                        .replace("\"member\"", '"' + visitor.claimedRole() + '"');
        return (visitor == Visitor.FORGER ? attacker : es).sign(claims);
    }

    /** Section D, J-01 to J-17. */
    @TestFactory
    protected Stream<DynamicTest> tokens() {
        RequestTrial trial = trial();
        return tokens.rows().stream()
                .map(each -> row(each.id(), "", () -> trial.judgeUncut(vector(each))));
    }

    private static Vector vector(HostileTokens.Row row) {
        String text = row.text().get();
        String refusal =
                text.indexOf('\n') >= 0 || text.indexOf('\0') >= 0
                        ? "refused 400"
                        : "answered 401 431";
        return vector(row.id(), text, row.sound() ? "forwarded" : refusal);
    }

    private static Vector vector(String id, String token, String expected) {
        return vector(id, token, expected, ForwardedForm.ANY);
    }

    private static Vector vector(String id, String token, String expected, ForwardedForm form) {
        Expectation expectation = Expectation.parse(expected);
        return new Vector(
                id,
                "",
                Wire.head("GET / HTTP/1.1", "Host: a.test", "Authorization: Bearer " + token),
                expectation,
                expectation,
                form);
    }

    /** what a claim says stays one value of one field, or is not shown. */
    @TestFactory
    protected Stream<DynamicTest> claimsAsFields() {
        return Stream.of(
                claim("ada", "ada"),
                claim("eve\\r\\nX-Evil: 1", "eve%0D%0AX-Evil:%201"),
                claim(
                        "eve\\nX-Evil: 1\\n\\nGET / HTTP/1.1",
                        "eve%0AX-Evil:%201%0A%0AGET%20/%20HTTP/1.1"),
                claim("a,b", "a%2Cb"),
                claim("a; b=\\\"c\\\"", "a%3B%20b=%22c%22"),
                claim("\\u00e9\\u0000\\u2028", "%C3%A9%00%E2%80%A8"),
                claim("#{7*7}${jndi:ldap://x}", "#{7*7}${jndi:ldap://x}"),
                claim("x".repeat(3_000), null),
                row("X-05", "64 KiB", () -> trial().judgeUncut(tooLong())));
    }

    private DynamicTest claim(String nick, @Nullable String shown) {
        Map<String, String> has = shown == null ? Map.of() : Map.of("X-User", shown);
        List<String> lacks = shown == null ? List.of("X-User", "X-Evil") : List.of("X-Evil");
        var form = ForwardedForm.ANY.with(has, lacks);
        String name = nick.substring(0, Math.min(nick.length(), 40));
        Vector sent = vector("X-05", signed(nick), "forwarded", form);
        return row("X-05", name, () -> trial().judgeUncut(sent));
    }

    private Vector tooLong() {
        return vector("X-05", signed("x".repeat(65_536)), "answered 431");
    }

    private String signed(String nick) {
        return es.sign(tokens.claims(",\"nick\":\"" + nick + "\""));
    }

    private RequestTrial trial() {
        return new RequestTrial(proxy, upstream, canary);
    }

    /** J-03: the twin of a good token may be as good, and is of the same user. */
    @Test
    protected void takesTheTwinOfATokenForNobodyElse() throws Exception {
        String token = token(Visitor.GUEST);
        for (String each : new String[] {token, HostileTokens.highOrLow(token)}) {
            try (RawClient client = RawClient.connect(proxy.address())) {
                int status =
                        client.exchange(
                                        Wire.head(
                                                "GET /admin HTTP/1.1",
                                                "Host: a.test",
                                                "Authorization: Bearer " + each))
                                .status();
                assertThat(status).isIn(401, 403);
            }
        }
        assertThat(upstream.requests()).isEmpty();
    }

    /** O5: no token is in the log, and none makes a stack trace. */
    @Test
    protected void logsNoTokenAndNoStackTrace() throws Exception {
        String part = SigningKey.part("{\"alg\":\"ES256\"").substring(0, 12);
        trial().judgeUncut(vector("J-17", attacker.sign(tokens.claims()), "answered 401"));
        assertThat(proxy.log())
                .noneMatch(line -> line.contains(SECRET))
                .noneMatch(line -> line.contains(part))
                .noneMatch(line -> line.startsWith("\tat "));
    }
}
