// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.Seed;
import io.weft.policy.TestPolicies;
import io.weft.policy.request.Caller;
import io.weft.policy.request.PlainRequest;
import io.weft.policy.route.HeaderEdits;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompiledRuleTest {

    private static final Caller SOMEBODY = Caller.unidentified(new byte[4]);

    @Test
    void picksByWeight() {
        CompiledRule rule = rule("{ s1: 70, s2: 30, s3: 0 }");
        Map<String, Integer> picked = new HashMap<>();
        Random random = Seed.random(CompiledRuleTest.class);
        for (int i = 0; i < 100_000; i++) {
            picked.merge(rule.pick(random.nextInt()).destination().toString(), 1, Integer::sum);
        }

        assertThat(picked.get("s1")).isBetween(69_000, 71_000);
        assertThat(picked.get("s2")).isBetween(29_000, 31_000);
        assertThat(picked).doesNotContainKey("s3");
    }

    @Test
    void neverPicksAWeightOfZeroWhateverTheRandomNumber() {
        for (String to :
                new String[] {"{ s1: 0, s2: 1, s3: 0 }", "{ s1: 0, s3: 0, s2: 1000000 }"}) {
            CompiledRule rule = rule(to);
            for (int random : new int[] {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertThat(rule.pick(random).destination()).hasToString("s2");
            }
        }
    }

    @Test
    void sharesOfManyLargeWeightsDoNotOverflow() {
        String to =
                IntStream.range(0, 3_000)
                        .mapToObj(i -> "s1/v" + i + ": 1000000")
                        .collect(Collectors.joining(", ", "{ ", " }"));
        String versions =
                IntStream.range(0, 3_000)
                        .mapToObj(i -> "v" + i + ": { v: \"" + i + "\" }")
                        .collect(Collectors.joining(", ", "{ ", " }"));
        CompiledRule rule =
                (CompiledRule)
                        TestPolicies.edge(
                                        "weft: { services: { s1: { versions: "
                                                + versions
                                                + " } }, routes: { r: { rules: { all: { to: "
                                                + to
                                                + " } } } } }")
                                .match(PlainRequest.of("GET", "a.test", "/").build(), SOMEBODY);

        assertThat(rule.pick(0).destination()).hasToString("s1/v0");
        assertThat(rule.pick(-1).destination()).hasToString("s1/v2999");
        assertThat(rule.pick(Integer.MIN_VALUE).destination()).hasToString("s1/v1500");
    }

    @Test
    void joinsTheEditsOfRuleAndDestination() {
        CompiledRule rule =
                (CompiledRule)
                        TestPolicies.edge(
                                        """
                                        weft:
                                          services: { s1: , s2: }
                                          routes:
                                            r:
                                              rules:
                                                all:
                                                  request-headers: { set: { x-a: rule }, remove: [x-b] }
                                                  to:
                                                    s1: { weight: 1, request-headers: { set: { X-A: s1 } } }
                                                    s2: 1
                                        """)
                                .match(PlainRequest.of("GET", "a.test", "/").build(), SOMEBODY);

        assertThat(rule.destinations())
                .map(CompiledDestination::requestHeaders)
                .map(HeaderEdits::set)
                .map(Object::toString)
                .containsExactly("[Field[name=x-a, value=s1]]", "[Field[name=x-a, value=rule]]");
        assertThat(rule.destinations())
                .allMatch(to -> to.requestHeaders().remove().toString().equals("[x-b]"));
    }

    private static CompiledRule rule(String to) {
        return (CompiledRule)
                TestPolicies.edge(
                                "weft: { services: { s1: , s2: , s3: },"
                                        + " routes: { r: { rules: { all: { to: "
                                        + to
                                        + " } } } } }")
                        .match(PlainRequest.of("GET", "a.test", "/").build(), SOMEBODY);
    }
}
