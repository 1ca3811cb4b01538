// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.Seed;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {

    private static final List<String> KNOWN =
            List.of("services", "routes", "access", "trust-domain", "at", "payments");

    @ParameterizedTest
    @CsvSource({
        "service, services",
        "rotues, routes",
        "ROUTES, routes",
        "Paymnets, payments",
        "trustdomain, trust-domain",
        "acess, access",
        "ta, at",
        "paths,",
        "tokens,",
        "rate-limits,",
        "x,",
        "'',"
    })
    void findsTheNameThatWasProbablyMeant(String written, String meant) {
        assertThat(Suggestions.nearest(written, KNOWN)).isEqualTo(meant);
    }

    @Test
    void prefersTheNearest() {
        assertThat(Suggestions.nearest("orders-api", List.of("order-app", "orders-app")))
                .isEqualTo("orders-app");
    }

    @Test
    void agreesWithTheDefinitionOfTheDistance() {
        Random random = Seed.random(SuggestionsTest.class);
        for (int i = 0; i < 20_000; i++) {
            String written = Seed.text(random, "abAB-", 9);
            String candidate = Seed.text(random, "abAB-", 9);
            int most = Math.max(1, written.length() / 3);
            boolean near = distance(lower(written), lower(candidate)) <= most;

            assertThat(Suggestions.nearest(written, List.of(candidate)))
                    .as("%s for %s", candidate, written)
                    .isEqualTo(near ? candidate : null);
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Restricted Damerau-Levenshtein distance, by recursion. */
    private static int distance(String a, String b) {
        int[][] table = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    table[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int best = Math.min(table[i - 1][j], table[i][j - 1]) + 1;
                best = Math.min(best, table[i - 1][j - 1] + change);
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                table[i][j] = swapped ? Math.min(best, table[i - 2][j - 2] + 1) : best;
            }
        }
        return table[a.length()][b.length()];
    }
}
