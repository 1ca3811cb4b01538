// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.Seed;
import io.weft.policy.TestObjects;
import io.weft.policy.access.NaiveAccess.Question;
import io.weft.policy.access.NaiveAccess.Token;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import io.weft.policy.token.User;
import io.weft.policy.token.Users;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ServiceAccessPropertyTest {

    private static final int RULE_SETS = 10_000;
    private static final int QUESTIONS = 6;

    private final Random random = Seed.random(ServiceAccessPropertyTest.class);
    private final TestObjects generated = new TestObjects(random);

    @Test
    void agreesWithTheDocumentationTakenLiterally() {
        var seen = new TreeMap<String, Integer>();
        for (int set = 0; set < RULE_SETS; set++) {
            List<AccessRule> rules = generated.accessRules(12);
            Map<String, TokenPolicy> tokens =
                    generated.tokens().stream()
                            .collect(Collectors.toMap(TokenPolicy::name, Function.identity()));
            ServiceName service = generated.service();
            ServiceAccess access = ServiceAccess.to(service, rules, tokens);
            var naive = new NaiveAccess(rules);
            for (int i = 0; i < QUESTIONS; i++) {
                Question question = question(service);
                var shadows = new ArrayList<String>();

                Verdict verdict =
                        access.decide(
                                caller(question),
                                request(question),
                                users(question),
                                rule -> shadows.add(rule.name()));

                String expected = naive.decide(question);
                assertThat(words(verdict)).as("%s by %s", question, rules).isEqualTo(expected);
                assertThat(shadows).isEqualTo(naive.shadows(question));
                assertExplains(access, question, verdict);
                seen.merge(expected.substring(0, 7), 1, Integer::sum);
            }
        }
        assertThat(seen).hasSize(3).allSatisfy((_, times) -> assertThat(times).isGreaterThan(500));
    }

    private static void assertExplains(ServiceAccess access, Question question, Verdict verdict) {
        List<RuleReading> readings =
                access.explain(caller(question), request(question), users(question));
        if (!verdict.equals(Verdict.BY_DEFAULT)) {
            RuleReading deciding =
                    readings.stream()
                            .filter(each -> each.rule().name().equals(verdict.by()))
                            .findFirst()
                            .orElseThrow();
            assertThat(deciding.unmet())
                    .isEqualTo(
                            verdict instanceof Verdict.SignIn signIn
                                    ? signIn.credential() instanceof TokenPolicy
                                            ? Criterion.TOKEN
                                            : Criterion.API_KEY
                                    : null);
        }
    }

    private static String words(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Granted granted -> "granted by " + granted.by();
            case Verdict.Refused(String by) -> "refused by " + by;
            case Verdict.SignIn signIn -> "sign in for " + signIn.by();
        };
    }

    private Question question(ServiceName service) {
        var headers = new ArrayList<Map.Entry<String, String>>();
        for (int i = random.nextInt(4); i > 0; i--) {
            var header = generated.header();
            headers.add(Map.entry(header.name().toString(), header.value()));
        }
        var tokens = new HashMap<String, Token>();
        for (String token : TestObjects.TOKENS) {
            switch (random.nextInt(4)) {
                case 0 -> {}
                case 1 -> tokens.put(token, new Token(null));
                default -> tokens.put(token, new Token(claims()));
            }
        }
        if (random.nextBoolean()) {
            tokens.put(NaiveAccess.API_KEY, new Token(random.nextInt(4) == 0 ? null : claims()));
        }
        return new Question(
                service,
                random.nextInt(5) == 0 ? null : generated.workload(),
                Seed.oneOf(
                        random,
                        List.of("10.1.2.3", "10.200.0.1", "192.0.2.7", "2001:db8::1", "127.0.0.1")),
                generated.method(),
                Seed.oneOf(random, TestObjects.PATHS),
                headers,
                tokens);
    }

    private Map<String, Object> claims() {
        var claims = new HashMap<String, Object>();
        claims.put("scope", generated.word() + " " + generated.word());
        claims.put("roles", List.of(generated.word(), generated.word()));
        claims.put("sub", generated.word());
        if (random.nextBoolean()) {
            claims.put("tenant", Seed.oneOf(random, List.<Object>of("read", "write", 7L, true)));
        }
        if (random.nextBoolean()) {
            claims.put("x.y", generated.word());
        }
        claims.put(
                "org",
                Map.of(
                        "units", List.of(generated.word(), 7L, Map.of("a", "read")),
                        "a", Map.of("b", true)));
        return claims;
    }

    private static Caller caller(Question question) {
        try {
            byte[] address = InetAddress.getByName(question.address()).getAddress();
            return question.workload() == null
                    ? Caller.unidentified(address)
                    : Caller.of(question.workload(), address);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static PlainRequest request(Question question) {
        var builder = PlainRequest.of(question.method(), "a.test", question.path());
        question.headers().forEach(each -> builder.header(each.getKey(), each.getValue()));
        return builder.build();
    }

    private static Users users(Question question) {
        return credential -> {
            String kind =
                    credential instanceof TokenPolicy token ? token.name() : NaiveAccess.API_KEY;
            Token given = question.tokens().get(kind);
            if (given == null) {
                return TokenCheck.ABSENT;
            }
            return given.claims() == null
                    ? new TokenCheck.Invalid("expired")
                    : new TokenCheck.Verified(User.of(given.claims()));
        };
    }
}
