// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.document.Node;
import io.weft.policy.problem.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a mapping that is read as a record: each key the reader knows is asked for, then
 * {@link #done} refuses what was not asked for. Every problem is reported, not only the first.
 */
final class Fields {

    private final Value owner;
    private final List<Value.Named> entries;
    private final List<String> known = new ArrayList<>();
    private boolean refused;

    Fields(Value owner, List<Value.Named> entries, boolean refused) {
        this.owner = owner;
        this.entries = entries;
        this.refused = refused;
    }

    <T> Field<T> optional(String key, Function<Value, T> reader) {
        Value value = find(key);
        return value == null || value.isNothing() ? absent(key) : narrowing(key, reader);
    }

    /**
     * As {@link #optional}, for a key that narrows what its owner is about: without a value it
     * would silently stand for everything, so there must be one.
     */
    <T> Field<T> narrowing(String key, Function<Value, T> reader) {
        Value value = find(key);
        if (value == null) {
            return absent(key);
        }
        known.add(key);
        try {
            return new Field<>(reader.apply(value));
        } catch (RefusedException e) {
            refused = true;
            return new Field<>(null);
        }
    }

    <T> Field<T> required(String key, Function<Value, T> reader) {
        Value value = find(key);
        if (value == null || value.isNothing()) {
            owner.reportMissing(key);
            refused = true;
            return absent(key);
        }
        return narrowing(key, reader);
    }

    /** Whether there is such a key, whatever its value. */
    boolean has(String key) {
        return find(key) != null;
    }

    /** Whether there is such a key, and it is not left empty. */
    boolean hasValue(String key) {
        Value value = find(key);
        return value != null && !value.isNothing();
    }

    private <T> Field<T> absent(String key) {
        known.add(key);
        return new Field<>(null);
    }

    private @Nullable Value find(String key) {
        for (Value.Named entry : entries) {
            if (entry.name().equals(key)) {
                return entry.value();
            }
        }
        return null;
    }

    /**
     * @throws RefusedException when anything in this mapping was refused
     */
    void done() {
        String expected = "one of: " + String.join(", ", known);
        for (Value.Named entry : entries) {
            if (!known.contains(entry.name())) {
                if (entry.value().node() instanceof Node.Refused value) {
                    entry.value().report(value.why(), expected, null);
                } else {
                    String suggestion = Suggestions.nearest(entry.name(), known);
                    entry.key().report("unknown key", expected, suggestion);
                }
                refused = true;
            }
        }
        if (refused) {
            throw RefusedException.INSTANCE;
        }
    }
}
