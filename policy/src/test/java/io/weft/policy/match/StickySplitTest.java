// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.TestPolicies;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StickySplitTest {

    private static final int USERS = 1_000;
    private static final Caller GATEWAY = caller(1);

    private final Random random = new Random(7);

    private static Caller caller(int number) {
        byte[] address = {10, 0, (byte) (number >> 8), (byte) number};
        return Caller.of(ServiceName.GATEWAY, address);
    }

    private static CompiledRule rule(String sticky, String to) {
        return (CompiledRule)
                TestPolicies.edge(
                                "weft: { services: { s1: , s2: , s3: },"
                                        + " routes: { r: { at: edge, rules: { all: { sticky: '"
                                        + sticky
                                        + "', to: "
                                        + to
                                        + " } } } } }")
                        .match(PlainRequest.of("GET", "a.test", "/").build(), GATEWAY);
    }

    private String of(CompiledRule rule, Caller caller, String... fields) {
        PlainRequest.Builder request = PlainRequest.of("GET", "a.test", "/");
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        return rule.pick(request.build(), caller, random.nextInt()).destination().toString();
    }

    private Map<Integer, String> users(String to) {
        CompiledRule rule = rule("header:x-user", to);
        var all = new HashMap<Integer, String>();
        for (int user = 0; user < USERS; user++) {
            String first = of(rule, GATEWAY, "x-user", "user-" + user);
            for (int i = 0; i < 10; i++) {
                assertThat(of(rule, GATEWAY, "x-user", "user-" + user)).isEqualTo(first);
            }
            all.put(user, first);
        }
        return all;
    }

    private static long at(String service, Map<Integer, String> users) {
        return users.values().stream().filter(service::equals).count();
    }

    @Test
    void everybodyHasOneVersionAndAGrowingShareTakesOnlyWhomItMust() {
        Map<Integer, String> before = users("{ s1: 80, s2: 20, s3: 0 }");
        assertThat(at("s2", before)).isBetween(170L, 230L);
        assertThat(at("s3", before)).isZero();

        Map<Integer, String> after = users("{ s1: 70, s2: 30, s3: 0 }");
        assertThat(at("s2", after)).isBetween(270L, 330L);
        before.forEach(
                (user, service) -> {
                    if (service.equals("s2")) {
                        assertThat(after).containsEntry(user, "s2");
                    }
                });

        Map<Integer, String> third = users("{ s3: 33, s2: 30, s1: 70 }");
        third.forEach((user, service) -> assertThat(service).isIn(after.get(user), "s3"));
        assertThat(at("s3", third)).isBetween(210L, 290L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"session=%s", "a=b; session=%s", "session2=x; asession=y; session=%s; z"})
    void knowsCookies(String field) {
        CompiledRule rule = rule("cookie:session", "{ s1: 50, s2: 50 }");
        for (int user = 0; user < 50; user++) {
            String alone = of(rule, GATEWAY, "cookie", "session=" + user);
            assertThat(of(rule, GATEWAY, "cookie", field.formatted(user))).isEqualTo(alone);
            assertThat(of(rule, GATEWAY, "cookie", "other=1", "cookie", field.formatted(user)))
                    .isEqualTo(alone);
        }
    }

    @Test
    void knowsAddresses() {
        CompiledRule rule = rule("ip", "{ s1: 50, s2: 50 }");
        int first = 0;
        for (int i = 0; i < USERS; i++) {
            String one = of(rule, caller(i));
            assertThat(of(rule, caller(i))).isEqualTo(one);
            first += one.equals("s1") ? 1 : 0;
        }
        assertThat(first).isBetween(450, 550);
    }

    @ParameterizedTest
    @ValueSource(strings = {"header:x-user", "cookie:session", "none"})
    void splitsThoseItDoesNotKnowOneByOne(String sticky) {
        CompiledRule rule = rule(sticky, "{ s1: 50, s2: 50 }");
        int first = 0;
        for (int i = 0; i < USERS; i++) {
            first += of(rule, GATEWAY, "cookie", "sessio=1", "x-user", "").equals("s1") ? 1 : 0;
        }
        assertThat(first).isBetween(430, 570);
    }
}
