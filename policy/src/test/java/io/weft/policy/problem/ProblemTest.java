// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {

    @Test
    void isOneLineForPeople() {
        Position at = new Position("shop.yml", 18, 14);

        assertThat(
                        new Problem(
                                at,
                                "weft.routes.shop.rules.all.to",
                                "paymnets",
                                "unknown service",
                                "one of: orders, payments",
                                "payments"))
                .hasToString(
                        "shop.yml:18:14: weft.routes.shop.rules.all.to: unknown service"
                                + " \"paymnets\", did you mean \"payments\"?"
                                + " (expected: one of: orders, payments)");
        assertThat(new Problem(Position.of("shop.yml"), "", "", "not YAML", ""))
                .hasToString("shop.yml: not YAML");
    }

    @Test
    void cannotBeginALineOfALog() {
        assertThat(
                        new Problem(
                                new Position("a.yml", 1, 2),
                                "weft.routes.a\nb",
                                "x\r\n2026-11-22 INFO all is well\u2028\u0085",
                                "invalid value",
                                ""))
                .hasToString(
                        "a.yml:1:2: weft.routes.a\\u000ab: invalid value"
                                + " \"x\\u000d\\u000a2026-11-22 INFO all is well\\u2028\\u0085\"");
    }

    @Test
    void cutsLongTextsBetweenCharacters() {
        String value = "a".repeat(119) + "😀".repeat(10);
        Problem problem = new Problem(Position.of("a.yml"), "", value, "invalid value", "");

        assertThat(problem.value()).isEqualTo("a".repeat(119) + "…");
        assertThat(Problem.pathUnder("weft.routes", "b".repeat(1_000))).hasSize(12 + 121);
        assertThat(Problem.pathUnder("weft.routes", "shop")).isEqualTo("weft.routes.shop");
    }

    @Test
    void problemsComeInTheOrderOfTheirPlaces() {
        var problems = new Problems();
        for (String place : List.of("b:1:1", "a:10:1", "a:2:30", "a:2:4", "a:0:0")) {
            String[] parts = place.split(":", -1);
            problems.add(
                    new Problem(
                            new Position(
                                    parts[0],
                                    Integer.parseInt(parts[1]),
                                    Integer.parseInt(parts[2])),
                            "",
                            "",
                            "wrong",
                            ""));
        }
        assertThat(problems.inOrder())
                .map(problem -> problem.at().toString())
                .containsExactly("a", "a:2:4", "a:2:30", "a:10:1", "b:1:1");
    }

    @Test
    void tooManyProblemsOfOneFileHideNoneOfAnother() {
        var problems = new Problems();
        for (int line = 1; line <= Problems.MOST_IN_ONE_FILE + 50; line++) {
            problems.add(new Problem(new Position("a.yml", line, 1), "", "", "wrong", ""));
        }
        problems.add(new Problem(new Position("b.yml", 1, 1), "", "", "wrong", ""));

        List<Problem> shown = problems.inOrder();
        assertThat(shown).hasSize(Problems.MOST_IN_ONE_FILE + 2);
        assertThat(shown.get(Problems.MOST_IN_ONE_FILE))
                .hasToString("a.yml: more problems than these (expected: these mended first)");
        assertThat(shown.getLast()).hasToString("b.yml:1:1: wrong");
    }
}
