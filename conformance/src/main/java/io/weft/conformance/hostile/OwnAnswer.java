// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import java.util.Collections;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/** An answer that comes from the proxy, not from the upstream. */
record OwnAnswer(Manner manner, SortedSet<Integer> statuses) {

    enum Manner {
        /** The connection ends and nothing reaches the upstream. */
        REFUSED,
        /** The connection ends; a part of the request may have reached the upstream, never all. */
        LATE,
        /** The connection may go on; nothing reaches the upstream. */
        ANSWERED;

        static Manner of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }

        boolean endsConnection() {
            return this != ANSWERED;
        }
    }

    OwnAnswer {
        statuses = Collections.unmodifiableSortedSet(new TreeSet<>(statuses));
    }

    @Override
    public String toString() {
        return manner.name().toLowerCase(Locale.ROOT) + " " + statuses;
    }
}
