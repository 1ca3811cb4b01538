// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.problem;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the known name that somebody probably meant. */
public final class Suggestions {

    private Suggestions() {}

    /**
     * The candidate nearest to what was written, or null when none is near: at most one edit for
     * every three letters, a swap of neighbours counting as one, case not counting at all.
     */
    public static @Nullable String nearest(String written, Collection<String> candidates) {
        String meant = written.toLowerCase(Locale.ROOT);
        String best = null;
        int bestDistance = Math.max(1, written.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(meant, candidate.toLowerCase(Locale.ROOT), bestDistance);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** Restricted Damerau-Levenshtein distance, or {@code limit} as soon as it cannot be less. */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        Arrays.setAll(last, j -> j);
        int leastOfLast = 0;
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            int least = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
                least = Math.min(least, row[j]);
            }
            if (Math.min(least, leastOfLast) >= limit) {
                // Every later row builds on these two.
                return limit;
            }
            leastOfLast = least;
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
