// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.object;

import io.weft.policy.problem.Problem;
import java.util.Comparator;

/** What an object is called, within one policy. */
public record ObjectKey(ObjectKind kind, String name) implements Comparable<ObjectKey> {

    private static final Comparator<ObjectKey> ORDER =
            Comparator.comparing(ObjectKey::kind).thenComparing(ObjectKey::name);

    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }

    /** The property path, {@code weft.routes.shop}. */
    public String path() {
        return Problem.pathUnder("weft." + kind.root(), name);
    }

    /** {@code routes/shop}. */
    @Override
    public String toString() {
        return kind.root() + "/" + name;
    }
}
