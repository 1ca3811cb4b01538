// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.regex;

import io.weft.policy.regex.Syntax.Alternatives;
import io.weft.policy.regex.Syntax.Begin;
import io.weft.policy.regex.Syntax.Chars;
import io.weft.policy.regex.Syntax.Empty;
import io.weft.policy.regex.Syntax.End;
import io.weft.policy.regex.Syntax.Repeat;
import io.weft.policy.regex.Syntax.Sequence;
import java.util.ArrayList;
import java.util.List;

/**
 * A non-deterministic automaton for several patterns (Thompson's construction). Steps are numbered
 * and only ever refer to later fragments by number.
 */
final class Program {

    /** Steps one pattern may take: repetitions are written out. */
    private static final int MAX_STEPS = 2_000;

    /** Work one pattern may make, counted because repetitions of nothing take no steps. */
    private static final int MAX_FRAGMENTS = 10 * MAX_STEPS;

    sealed interface Step {

        record Read(CharSet set, int next) implements Step {}

        record Fork(int first, int second) implements Step {}

        record AtBegin(int next) implements Step {}

        record AtEnd(int next) implements Step {}

        record Accept(int pattern) implements Step {}
    }

    private final List<Step> steps = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private int mostSteps;
    private int fragments;

    /** Adds a pattern under a number; false when it is too large. */
    boolean add(Syntax syntax, int pattern) {
        mostSteps = steps.size() + MAX_STEPS;
        fragments = 0;
        try {
            starts.add(emit(syntax, put(new Step.Accept(pattern))));
            return true;
        } catch (TooLargeException e) {
            return false;
        }
    }

    Step[] steps() {
        return steps.toArray(Step[]::new);
    }

    /** The entries of the patterns. */
    int[] starts() {
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The entry of a fragment that goes on at {@code next}; built from its end to its begin. */
    private int emit(Syntax syntax, int next) {
        if (++fragments > MAX_FRAGMENTS) {
            throw TooLargeException.INSTANCE;
        }
        return switch (syntax) {
            case Empty _ -> next;
            case Chars(CharSet set) -> put(new Step.Read(set, next));
            case Begin _ -> put(new Step.AtBegin(next));
            case End _ -> put(new Step.AtEnd(next));
            case Sequence(List<Syntax> parts) -> {
                int entry = next;
                for (Syntax part : parts.reversed()) {
                    entry = emit(part, entry);
                }
                yield entry;
            }
            case Alternatives(List<Syntax> parts) -> {
                int entry = emit(parts.getLast(), next);
                for (Syntax part : parts.reversed().subList(1, parts.size())) {
                    entry = put(new Step.Fork(emit(part, next), entry));
                }
                yield entry;
            }
            case Repeat(Syntax part, int least, int most) -> repeat(part, least, most, next);
        };
    }

    private int repeat(Syntax part, int least, int most, int next) {
        int entry = next;
        if (most < 0) {
            int loop = put(new Step.Fork(next, next));
            int body = emit(part, loop);
            steps.set(loop, new Step.Fork(body, next));
            entry = loop;
        } else {
            for (int i = least; i < most; i++) {
                entry = put(new Step.Fork(emit(part, entry), next));
            }
        }
        for (int i = 0; i < least; i++) {
            entry = emit(part, entry);
        }
        return entry;
    }

    private int put(Step step) {
        if (steps.size() >= mostSteps) {
            throw TooLargeException.INSTANCE;
        }
        steps.add(step);
        return steps.size() - 1;
    }

    private static final class TooLargeException extends RuntimeException {
        private static final TooLargeException INSTANCE = new TooLargeException();

        private TooLargeException() {
            super("too large", null, false, false);
        }
    }
}
