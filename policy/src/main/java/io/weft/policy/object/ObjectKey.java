// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.object;

import java.util.Comparator;

/** What an object is called, within one policy. */
public record ObjectKey(ObjectKind kind, String name) implements Comparable<ObjectKey> {

    private static final Comparator<ObjectKey> ORDER =
            Comparator.comparing(ObjectKey::kind).thenComparing(ObjectKey::name);

    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }

    /** {@code routes/shop}. */
    @Override
    public String toString() {
        return kind.root() + "/" + name;
    }
}
