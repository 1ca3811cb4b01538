// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.regex;

import io.weft.policy.regex.Program.Step;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Patterns that are matched together: one pass over a path tells which of them cover all of it, at
 * a cost that does not depend on how many there are.
 *
 * <p>The deterministic automaton is built as paths need it. When it outgrows its bound it is thrown
 * away and built anew, so that neither patterns nor paths can make it large: at worst a character
 * costs time in the size of the patterns.
 *
 * <p>States become visible to other threads without a lock: all that a state is made of is final,
 * and a transition that a thread does not see yet is found again under the lock. A thread may go on
 * with a state that was thrown away; that state is as right as before.
 *
 * @param <T> what a set of matching patterns means to the caller
 */
public final class RegexSet<T> {

    /** What all states together may hold: some 8 MiB. */
    private static final int MOST_HELD = 1 << 20;

    private final Step[] steps;
    private final int[] starts;
    private final Function<int[], T> meaning;
    private final byte[] classOf = new byte[128];
    private final byte[] classMember;
    private volatile State<T> start;

    // Guarded by this.
    private final Map<Numbers, State<T>> states = new HashMap<>();
    private final Map<Numbers, T> meanings = new HashMap<>();
    private final Reach reach;
    private int held;

    /**
     * @param meaning called once for each set of patterns that match together, with their numbers
     *     in {@code patterns}, ascending; once more when the automaton is built anew
     */
    public RegexSet(List<PathRegex.Parsed> patterns, Function<int[], T> meaning) {
        this.meaning = meaning;
        var program = new Program();
        for (int i = 0; i < patterns.size(); i++) {
            program.add(patterns.get(i).syntax(), i);
        }
        this.steps = program.steps();
        this.starts = program.starts();
        this.reach = new Reach(steps);
        this.classMember = classes();
        this.start = state(closure(starts, true));
    }

    /** What the patterns that cover a path, which is not empty, mean; null when none does. */
    public @Nullable T match(byte[] bytes, int from, int to) {
        State<T> state = start;
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return null;
            }
            int charClass = classOf[bytes[i]];
            State<T> next = state.next[charClass];
            if (next == null) {
                next = step(state, charClass);
            }
            if (next.steps.length == 0) {
                return null;
            }
            state = next;
        }
        return state.accepted;
    }

    /** Characters that no pattern tells apart share a class; returns one member of each. */
    private byte[] classes() {
        var byMembership = new HashMap<BitSet, Byte>();
        byte[] members = new byte[128];
        CharSet[] sets = distinctSets();
        for (int c = 0; c < 128; c++) {
            var membership = new BitSet(sets.length);
            for (int s = 0; s < sets.length; s++) {
                membership.set(s, sets[s].has(c));
            }
            Byte known = byMembership.get(membership);
            if (known == null) {
                known = (byte) byMembership.size();
                members[known] = (byte) c;
                byMembership.put(membership, known);
            }
            classOf[c] = known;
        }
        return Arrays.copyOf(members, byMembership.size());
    }

    private CharSet[] distinctSets() {
        var sets = new LinkedHashSet<CharSet>();
        for (Step step : steps) {
            if (step instanceof Step.Read(CharSet set, int _)) {
                sets.add(set);
            }
        }
        return sets.toArray(CharSet[]::new);
    }

    private synchronized State<T> step(State<T> state, int charClass) {
        int member = classMember[charClass];
        int[] reached = new int[state.steps.length];
        int count = 0;
        for (int number : state.steps) {
            if (steps[number] instanceof Step.Read(CharSet set, int next) && set.has(member)) {
                reached[count++] = next;
            }
        }
        State<T> next = state(closure(Arrays.copyOf(reached, count), false));
        state.next[charClass] = next;
        return next;
    }

    /** The steps at which to wait for the next character or the end, in ascending order. */
    private int[] closure(int[] from, boolean atBegin) {
        reach.from(from, atBegin, false);
        return reach.numbers()
                .filter(
                        number ->
                                switch (steps[number]) {
                                    case Step.Read _, Step.AtEnd _, Step.Accept _ -> true;
                                    case Step.Fork _, Step.AtBegin _ -> false;
                                })
                .sorted()
                .toArray();
    }

    private synchronized State<T> state(int[] waiting) {
        State<T> known = states.get(new Numbers(waiting));
        if (known != null) {
            return known;
        }
        int needed = waiting.length + classMember.length;
        if (held + needed > MOST_HELD && held > 0) {
            held = 0;
            states.clear();
            meanings.clear();
            start = state(closure(starts, true));
        }
        held += needed;
        int[] accepted = accepted(waiting);
        T means =
                accepted.length == 0
                        ? null
                        : meanings.computeIfAbsent(
                                new Numbers(accepted), _ -> meaning.apply(accepted));
        var state = new State<T>(waiting, classMember.length, means);
        states.put(new Numbers(waiting), state);
        return state;
    }

    /** The patterns that end here, if the path does. */
    private int[] accepted(int[] waiting) {
        reach.from(waiting, false, true);
        return reach.numbers()
                .mapToObj(number -> steps[number])
                .mapMultiToInt(
                        (step, patterns) -> {
                            if (step instanceof Step.Accept(int pattern)) {
                                patterns.accept(pattern);
                            }
                        })
                .sorted()
                .toArray();
    }

    /** Ascending numbers as a key. */
    private record Numbers(int[] ascending) {
        @Override
        public boolean equals(Object o) {
            return o instanceof Numbers other && Arrays.equals(ascending, other.ascending);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(ascending);
        }
    }

    private static final class State<T> {
        private final int[] steps;
        private final @Nullable State<T>[] next;
        private final @Nullable T accepted;

        @SuppressWarnings({"unchecked", "rawtypes"})
        private State(int[] steps, int classes, @Nullable T accepted) {
            this.steps = steps;
            this.next = new State[classes];
            this.accepted = accepted;
        }
    }
}
