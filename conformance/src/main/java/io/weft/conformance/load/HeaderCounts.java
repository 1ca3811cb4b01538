// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the values of one response header, such as the version that answered. */
public final class HeaderCounts implements AnswerListener {

    private final String name;
    private final SortedMap<String, Long> counts = new TreeMap<>();

    public HeaderCounts(String name) {
        this.name = name;
    }

    @Override
    public synchronized void onAnswer(Answer answer) {
        if (!name.isEmpty()) {
            counts.merge(answer.header(name).orElse("(none)"), 1L, Long::sum);
        }
    }

    public synchronized SortedMap<String, Long> counts() {
        return new TreeMap<>(counts);
    }

    @Override
    public synchronized String toString() {
        StringBuilder lines = new StringBuilder();
        counts.forEach((value, count) -> lines.append(name + ": " + value + "  " + count + "\n"));
        return lines.toString();
    }
}
