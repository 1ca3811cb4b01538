// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.policy.condition.Condition.Outcome;
import io.weft.policy.condition.ConditionCompiler.Mistake;
import io.weft.policy.condition.ConditionCompiler.Result;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.token.User;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {

    private static final PlainRequest REQUEST =
            PlainRequest.of("GET", "Orders:80", "/orders/42?deep=1&x")
                    .header("x-tenant", "acme")
                    .header("x-twice", "a")
                    .header("X-Twice", "b")
                    .build();

    private static final Caller CALLER =
            Caller.of(ServiceName.parse("billing.finance"), new byte[] {10, 0, 0, 7});

    private static final User USER =
            User.of(
                    Map.of(
                            "iss", "https://id",
                            "sub", "ada",
                            "tenant", "acme",
                            "scope", "read write",
                            "roles", List.of("admin"),
                            "level", 7,
                            "org", Map.of("units", List.of("a", "b"))));

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '§',
            value = {
                "true ; TRUE",
                "request.method == 'GET' && request.host == 'orders' ; TRUE",
                "request.path == '/orders/42' && request.query == 'deep=1&x' ; TRUE",
                "request.path.startsWith('/order/') ; FALSE",
                "request.path.matches('^/orders/[0-9]+$') ; TRUE",
                "source.workload == 'billing.finance' && source.namespace == 'finance' ; TRUE",
                "source.address == '10.0.0.7' ; TRUE",
                "user.subject == 'ada' && user.issuer == 'https://id' ; TRUE",
                "'write' in user.scopes && 'admin' in user.roles && !('x' in user.roles) ; TRUE",
                "request.headers['x-tenant'] == user.claims['tenant'] ; TRUE",
                "request.headers['X-Tenant'] == user.claims.tenant ; TRUE",
                "'x-other' in request.headers ; FALSE",
                "'X-Twice' in request.headers && request.headers['x-twice'] == 'a, b' ; TRUE",
                "request.headers['x-other'] == 'a' ; ERROR",
                "'x-other' in request.headers && request.headers['x-other'] == 'a' ; FALSE",
                "request.headers['no token'] == 'a' ; ERROR",
                "user.claims.level > 5 && user.claims.level == 7.0 ; TRUE",
                "user.claims.org.units.exists(u, u == 'b') ; TRUE",
                "has(user.claims.org.nothing) ; FALSE",
                "user.claims.nothing == 1 ; ERROR",
                "user.claims.nothing == 1 || request.method == 'GET' ; TRUE",
                "user.claims.tenant + 1 == 2 ; ERROR",
                "request.path.matches(request.path + '(') ; ERROR"
            })
    void saysWhatHoldsForARequest(String text, Outcome outcome) {
        Condition condition = compiled(text);

        assertThat(condition.evaluate(REQUEST, CALLER, USER)).isEqualTo(outcome);
        Condition carried = Condition.read(condition.text(), condition.checked());
        assertThat(carried).isEqualTo(condition).hasToString(text);
        assertThat(carried.evaluate(REQUEST, CALLER, USER)).isEqualTo(outcome);
        assertThat(carried.asksUser()).isEqualTo(text.contains("user."));
    }

    @Test
    void hasOneForm() {
        String text = "request.headers['x-tenant'] == user.claims['tenant'] || 'a' in user.roles";

        assertThat(compiled(text).checked()).isEqualTo(compiled(text).checked());
    }

    @Test
    void knowsNoWorkloadOfACallerWithoutIdentity() {
        assertThat(
                        compiled("source.workload == '' && source.namespace == ''")
                                .evaluate(REQUEST, Caller.unidentified(new byte[4]), null))
                .isEqualTo(Outcome.TRUE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '§',
            value = {
                "request.mehod == 'GET' ; 1 ; 1 ; undeclared reference to 'request'",
                "request.method == ; 1 ; 18 ; mismatched input",
                "request.method == 1 ; 1 ; 16 ; no matching overload for '_==_' applied to '(string, int)'",
                "request.method ; 1 ; 8 ; expected type 'bool' but found 'string'",
                "request.path.matches('(') ; 1 ; 22 ; not a regular expression",
                "request.path.matches('(?!x)') ; 1 ; 22 ; not a regular expression",
                "request.headers.exists(h, h == 'a') ; 1 ; 8 ; can only be asked for one header",
                "size(request.headers) > 1 ; 1 ; 13 ; can only be asked for one header",
                "request.headers == user.claims ; 1 ; 8 ; can only be asked for one header",
                "user.claims.a.all(x, user.claims.b.all(y, x == y)) ; 1 ; 1 ; too costly",
                "system('ls') ; 1 ; 7 ; undeclared reference to 'system'"
            })
    void refusesWhatIsWrongWhereItIsWrong(String text, int line, int column, String message) {
        assertThat(ConditionCompiler.compile(text))
                .isInstanceOfSatisfying(
                        Result.Faulty.class,
                        faulty -> {
                            Mistake first = faulty.mistakes().getFirst();
                            assertThat(first.message()).contains(message);
                            assertThat(List.of(first.line(), first.column()))
                                    .containsExactly(line, column);
                        });
    }

    @Test
    void stopsLoopsThatTurnOutTooLong() {
        var user = User.of(Map.of("list", java.util.Collections.nCopies(2_000, 1)));

        assertThat(compiled("user.claims.list.all(x, x == 1)").evaluate(REQUEST, CALLER, user))
                .isEqualTo(Outcome.ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "%", "dHJ1ZQ=="})
    void refusesWhatNobodyChecked(String checked) {
        assertThatThrownBy(() -> Condition.read("true", checked))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Condition compiled(String text) {
        return switch (ConditionCompiler.compile(text)) {
            case Result.Compiled(Condition condition) -> condition;
            case Result.Faulty(List<Mistake> mistakes) -> throw new AssertionError(mistakes);
        };
    }
}
