// SPDX-License-Identifier: Apache-2.0
package io.weft.policy;

import java.util.List;
import java.util.Random;

/**
 * Randomness that can be repeated: every use prints its seed, and {@code -Dweft.test.seed=N} brings
 * one back.
 */
public final class Seed {

    private Seed() {}

    public static Random random(Class<?> test) {
        long seed = Long.getLong("weft.test.seed", System.nanoTime());
        System.out.println(test.getSimpleName() + ": -Dweft.test.seed=" + seed);
        return new Random(seed);
    }

    public static <T> T oneOf(Random random, List<T> items) {
        return items.get(random.nextInt(items.size()));
    }

    /** Up to that many of these characters. */
    public static String text(Random random, String alphabet, int most) {
        var text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
