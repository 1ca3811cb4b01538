// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.access.AccessCase;
import io.weft.conformance.access.AccessCase.TokenKind;
import io.weft.conformance.access.AccessTable;
import io.weft.policy.TestPolicies;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.token.Credential;
import io.weft.policy.token.TokenCheck;
import io.weft.policy.token.TokenPolicy;
import io.weft.policy.token.User;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table that every plane must agree with, asked of the evaluation alone. */
class AccessTableTest {

    private static final AccessTable TABLE = new AccessTable();
    private static final PolicyObjects POLICY =
            TestPolicies.of(TABLE.policy(URI.create("http://127.0.0.1/jwks")));

    static Stream<AccessCase> cases() {
        return TABLE.cases().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decidesAsTheTableSays(AccessCase asked) {
        ServiceName service = ServiceName.parse(asked.service());
        var request = PlainRequest.of(asked.method(), asked.service(), asked.path());
        asked.headers().forEach(each -> request.header(each.getKey(), each.getValue()));
        var shadows = new ArrayList<String>();

        Verdict verdict =
                ServiceAccess.to(service, POLICY.access(), POLICY.tokens())
                        .decide(
                                caller(asked),
                                request.build(),
                                credential -> check(credential, asked),
                                rule -> shadows.add(rule.name()));

        assertThat(status(verdict) + " " + verdict.by())
                .isEqualTo(asked.status() + " " + asked.rule());
        assertThat(shadows).isEqualTo(asked.shadows());
    }

    @Test
    void isLargeAndAsksEveryRule() {
        List<AccessCase> cases = TABLE.cases();
        List<String> rules = new ArrayList<>(cases.stream().map(AccessCase::rule).toList());
        cases.forEach(each -> rules.addAll(each.shadows()));

        assertThat(cases).hasSizeGreaterThan(60).extracting(AccessCase::id).doesNotHaveDuplicates();
        assertThat(POLICY.access())
                .filteredOn(rule -> rule.mode() != Mode.DISABLED)
                .extracting(AccessRule::name)
                .isSubsetOf(rules);
    }

    private static int status(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Granted _ -> 200;
            case Verdict.Refused _ -> 403;
            case Verdict.SignIn _ -> 401;
        };
    }

    private static Caller caller(AccessCase asked) {
        try {
            byte[] address = InetAddress.getByName(asked.address()).getAddress();
            return asked.caller()
                    .map(workload -> Caller.of(ServiceName.parse(workload), address))
                    .orElseGet(() -> Caller.unidentified(address));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static TokenCheck check(Credential credential, AccessCase asked) {
        return switch (credential) {
            case TokenPolicy policy -> check(policy, asked.token());
            case Credential.ApiKey _ -> check(TABLE.keys(asked));
        };
    }

    private static TokenCheck check(List<String> keys) {
        if (keys.isEmpty() || !keys.getFirst().startsWith("weft_key_")) {
            return TokenCheck.ABSENT;
        }
        return TABLE.apiKeys().values().stream()
                .filter(each -> List.of(each.secret()).equals(keys))
                .filter(each -> each.expires() == null || each.expires().isAfter(Instant.now()))
                .<TokenCheck>map(
                        each ->
                                new TokenCheck.Verified(
                                        User.ofApiKey(each.client(), each.scopes(), List.of())))
                .findFirst()
                .orElse(new TokenCheck.Invalid("unknown"));
    }

    private static TokenCheck check(TokenPolicy policy, TokenKind token) {
        return switch (token) {
            case TokenKind.None _ -> TokenCheck.ABSENT;
            case TokenKind.Bad(String how) -> new TokenCheck.Invalid(how);
            case TokenKind.Good(Map<String, Object> claims) ->
                    isFor(policy, claims)
                            ? new TokenCheck.Verified(User.of(claims))
                            : new TokenCheck.Invalid("for somebody else");
        };
    }

    private static boolean isFor(TokenPolicy policy, Map<String, Object> claims) {
        Object audience = claims.get("aud");
        List<?> audiences =
                audience instanceof List<?> list ? list : List.of(String.valueOf(audience));
        return policy.issuer().equals(claims.get("iss"))
                && !Collections.disjoint(policy.audiences(), audiences);
    }
}
