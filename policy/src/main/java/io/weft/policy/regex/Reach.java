// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.regex;

import io.weft.policy.regex.Program.Step;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The steps that can be reached without reading a character, found in time that depends on their
 * number only (a sparse set: nothing has to be cleared between two searches).
 */
final class Reach {

    private final Step[] steps;
    private final int[] reached;
    private final int[] placeOf;
    private int count;

    Reach(Step[] steps) {
        this.steps = steps;
        this.reached = new int[steps.length];
        this.placeOf = new int[steps.length];
    }

    /** Searches anew. */
    void from(int[] starts, boolean atBegin, boolean atEnd) {
        count = 0;
        Arrays.stream(starts).forEach(this::add);
        for (int i = 0; i < count; i++) {
            switch (steps[reached[i]]) {
                case Step.Fork(int first, int second) -> {
                    add(first);
                    add(second);
                }
                case Step.AtBegin(int next) -> {
                    if (atBegin) {
                        add(next);
                    }
                }
                case Step.AtEnd(int next) -> {
                    if (atEnd) {
                        add(next);
                    }
                }
                case Step.Read _, Step.Accept _ -> {}
            }
        }
    }

    private void add(int number) {
        int place = placeOf[number];
        if (place >= count || reached[place] != number) {
            placeOf[number] = count;
            reached[count++] = number;
        }
    }

    /** What the last search reached, in no order. */
    IntStream numbers() {
        return Arrays.stream(reached, 0, count);
    }
}
