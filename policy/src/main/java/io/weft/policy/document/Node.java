// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.document;

import io.weft.policy.problem.Position;
import java.util.List;

/**
 * A piece of a document, with its place. Scalars keep the text that was written: what {@code on},
 * {@code 1.10} or {@code 0x1f} mean is for the reader of that key to say, not for the syntax.
 */
public sealed interface Node {

    Position at();

    /** How this node reads in a message: the text of a scalar, else the kind of node. */
    String shown();

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
    record Entry(Scalar key, Node value) {}
}
