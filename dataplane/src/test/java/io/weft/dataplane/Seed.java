// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane;

import java.util.Random;

/** Random input that can be had again: the seed is printed, and taken from a property. */
public final class Seed {

    private Seed() {}

    public static Random random(Class<?> test) {
        long seed = Long.getLong("weft.test.seed", System.nanoTime());
        System.out.println(test.getSimpleName() + ": -Dweft.test.seed=" + seed);
        return new Random(seed);
    }
}
