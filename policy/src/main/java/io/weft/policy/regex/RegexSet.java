// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.regex;

import java.util.ArrayDeque;
import java.util.ArrayList;
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
 * a cost that does not depend on how many there are. The deterministic automaton is built as paths
 * need it, up to a bound; states beyond it are made anew each time, which costs time in the size of
 * the patterns for each character, never more.
 *
 * <p>States become visible to other threads without a lock: all that a state is made of is final,
 * and a transition that a thread does not see yet is found again under the lock.
 *
 * @param <T> what a set of matching patterns means to the caller
 */
public final class RegexSet<T> {

    private static final int MAX_STATES = 4_096;

    private final Program program = new Program();
    private final Function<int[], T> meaning;
    private final byte[] classOf = new byte[128];
    private final byte[] classMember;
    private final Map<List<Integer>, State<T>> states = new HashMap<>();
    private final State<T> start;

    /**
     * @param meaning called once for each set of patterns that match together, with their numbers
     *     in {@code patterns}, ascending
     */
    public RegexSet(List<PathRegex.Parsed> patterns, Function<int[], T> meaning) {
        this.meaning = meaning;
        for (int i = 0; i < patterns.size(); i++) {
            program.add(patterns.get(i).syntax(), i);
        }
        this.classMember = classes();
        this.start = state(closure(program.starts(), true));
    }

    /** What the patterns that cover the path mean, or null when none does. */
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
        for (int i = 0; i < program.size(); i++) {
            if (program.step(i) instanceof Program.Step.Read(CharSet set, int _)) {
                sets.add(set);
            }
        }
        return sets.toArray(CharSet[]::new);
    }

    private synchronized State<T> step(State<T> state, int charClass) {
        int member = classMember[charClass];
        var reached = new ArrayList<Integer>();
        for (int number : state.steps) {
            if (program.step(number) instanceof Program.Step.Read(CharSet set, int next)
                    && set.has(member)) {
                reached.add(next);
            }
        }
        State<T> next = state(closure(reached, false));
        if (next.kept) {
            state.next[charClass] = next;
        }
        return next;
    }

    /** Every step that is reached without reading, in ascending order. */
    private BitSet closure(Iterable<Integer> from, boolean atBegin) {
        var reached = new BitSet(program.size());
        var open = new ArrayDeque<Integer>();
        from.forEach(open::push);
        while (!open.isEmpty()) {
            int number = open.pop();
            if (reached.get(number)) {
                continue;
            }
            reached.set(number);
            switch (program.step(number)) {
                case Program.Step.Fork(int first, int second) -> {
                    open.push(first);
                    open.push(second);
                }
                case Program.Step.AtBegin(int next) -> {
                    if (atBegin) {
                        open.push(next);
                    }
                }
                case Program.Step.Read _, Program.Step.AtEnd _, Program.Step.Accept _ -> {}
            }
        }
        return reached;
    }

    private synchronized State<T> state(BitSet reached) {
        int[] lasting =
                reached.stream()
                        .filter(
                                number ->
                                        !(program.step(number) instanceof Program.Step.Fork)
                                                && !(program.step(number)
                                                        instanceof Program.Step.AtBegin))
                        .toArray();
        List<Integer> key = Arrays.stream(lasting).boxed().toList();
        State<T> known = states.get(key);
        if (known != null) {
            return known;
        }
        int[] accepted = accepted(lasting);
        T means = accepted.length == 0 ? null : meaning.apply(accepted);
        boolean kept = states.size() < MAX_STATES;
        var state = new State<T>(lasting, classMember.length, means, kept);
        if (kept) {
            states.put(key, state);
        }
        return state;
    }

    /** The patterns that end here, if the path does. */
    private int[] accepted(int[] steps) {
        var patterns = new BitSet();
        var open = new ArrayDeque<Integer>();
        var seen = new BitSet(program.size());
        for (int number : steps) {
            open.push(number);
        }
        while (!open.isEmpty()) {
            int number = open.pop();
            if (seen.get(number)) {
                continue;
            }
            seen.set(number);
            switch (program.step(number)) {
                case Program.Step.Accept(int pattern) -> patterns.set(pattern);
                case Program.Step.AtEnd(int next) -> open.push(next);
                case Program.Step.Fork(int first, int second) -> {
                    open.push(first);
                    open.push(second);
                }
                case Program.Step.Read _, Program.Step.AtBegin _ -> {}
            }
        }
        return patterns.stream().toArray();
    }

    private static final class State<T> {
        private final int[] steps;
        private final @Nullable State<T>[] next;
        private final @Nullable T accepted;
        private final boolean kept;

        @SuppressWarnings({"unchecked", "rawtypes"})
        private State(int[] steps, int classes, @Nullable T accepted, boolean kept) {
            this.kept = kept;
            this.steps = steps;
            this.next = new State[classes];
            this.accepted = accepted;
        }
    }
}
