// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.document;

import io.weft.policy.problem.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a document, with its place. Scalars keep the text that was written: what {@code on},
 * {@code 1.10} or {@code 0x1f} mean is for the reader of that key to say, not for the syntax.
 */
public sealed interface Node {

    Position at();

    /** How this node reads in a message: the text of a scalar, else the kind of node. */
    String shown();

    /** The entries of a mapping; none for any other node. */
    default List<Entry> entries() {
        return List.of();
    }

    /** The first value under a key; null when this is no mapping, or has no such key. */
    default @Nullable Node get(String key) {
        for (Entry entry : entries()) {
            if (entry.key().text().equals(key)) {
                return entry.value();
            }
        }
        return null;
    }

    /**
     * @param quoted whether the text was in quotes; an unquoted empty, {@code ~} or {@code null}
     *     text means that nothing was given
     */
    record Scalar(Position at, String text, boolean quoted) implements Node {

        public boolean isNothing() {
            return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }

        @Override
        public String shown() {
            return text;
        }
    }

    /** Entries in the order they were written; a repeated key is repeated here. */
    record Mapping(Position at, List<Entry> entries) implements Node {

        public Mapping {
            entries = List.copyOf(entries);
        }

        @Override
        public String shown() {
            return "{..}";
        }
    }

    record Sequence(Position at, List<Node> items) implements Node {

        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String shown() {
            return "[..]";
        }
    }

    /** Something the syntax allows and a policy does not, such as a tag. */
    record Refused(Position at, String shown, String why) implements Node {}

    /** One key with its value. */
    record Entry(Scalar key, Node value) {

        static Entry refused(Node key, String why) {
            return new Entry(
                    new Scalar(key.at(), key.shown(), true),
                    new Refused(key.at(), key.shown(), why));
        }

        /** Whether it is the key that the syntax allows and a policy does not. */
        public boolean isRefused() {
            return value instanceof Refused && value.at().equals(key.at());
        }
    }
}
