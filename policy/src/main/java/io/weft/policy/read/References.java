// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.document.Node;
import io.weft.policy.document.Node.Mapping;
import io.weft.policy.document.Node.Scalar;
import io.weft.policy.document.Node.Sequence;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.problem.Position;
import java.util.ArrayList;
import java.util.List;

/** Finds where an object names others, so that a dangling name can be pointed at. */
public final class References {

    private References() {}

    /** A name of a service, a version of one or a workload, as it was written. */
    public record Located(String text, Position at, String path) {}

    /** The names that an object's node holds, in the order they were written. */
    public static List<Located> in(ObjectKey key, Node node) {
        var found = new ArrayList<Located>();
        visit(node, "weft." + key.kind().root() + "." + key.name(), "", found);
        return found;
    }

    private static void visit(Node node, String path, String under, List<Located> found) {
        switch (node) {
            case Mapping mapping -> {
                for (Node.Entry entry : mapping.entries()) {
                    String key = entry.key().text();
                    if (under.equals("to")) {
                        found.add(new Located(key, entry.key().at(), path + "." + key));
                    }
                    visit(entry.value(), path + "." + key, key, found);
                }
            }
            case Sequence sequence -> {
                if (under.equals("services") || under.equals("workloads")) {
                    int index = 0;
                    for (Node item : sequence.items()) {
                        if (item instanceof Scalar scalar) {
                            String itemPath = path + "[" + index + "]";
                            found.add(new Located(scalar.text(), scalar.at(), itemPath));
                        }
                        index++;
                    }
                }
            }
            case Scalar _, Node.Refused _ -> {}
        }
    }
}
