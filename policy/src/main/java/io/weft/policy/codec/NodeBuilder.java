// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.codec;

import io.weft.policy.document.Node;
import io.weft.policy.problem.Position;
import java.util.ArrayList;
import java.util.List;

/** A mapping in the making. */
final class NodeBuilder {

    private static final Position NOWHERE = Position.of("");

    private final List<Node.Entry> entries = new ArrayList<>();

    NodeBuilder put(String key, String text) {
        return put(key, scalar(text));
    }

    NodeBuilder put(String key, int number) {
        return put(key, new Node.Scalar(NOWHERE, Integer.toString(number), false));
    }

    NodeBuilder put(String key, NodeBuilder map) {
        return put(key, map.build());
    }

    NodeBuilder putUnlessEmpty(String key, NodeBuilder map) {
        return map.entries.isEmpty() ? this : put(key, map.build());
    }

    NodeBuilder putUnlessEmpty(String key, List<String> texts) {
        return texts.isEmpty()
                ? this
                : put(
                        key,
                        new Node.Sequence(
                                NOWHERE, texts.stream().<Node>map(NodeBuilder::scalar).toList()));
    }

    private NodeBuilder put(String key, Node value) {
        entries.add(new Node.Entry(scalar(key), value));
        return this;
    }

    private static Node.Scalar scalar(String text) {
        return new Node.Scalar(NOWHERE, text, true);
    }

    Node build() {
        return new Node.Mapping(NOWHERE, entries);
    }
}
