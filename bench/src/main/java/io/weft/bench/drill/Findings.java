// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

/** What a drill saw, line by line, and whether each was as promised. */
final class Findings {

    private final String drill;
    private boolean kept = true;

    Findings(String drill) {
        this.drill = drill;
        System.out.println(drill);
    }

    /** Notes a measurement beside its promise. */
    void check(String what, String seen, String promised, boolean holds) {
        System.out.printf("  %s %-62s %-24s (%s)%n", holds ? "ok  " : "MISS", what, seen, promised);
        kept &= holds;
    }

    /** Notes a measurement that nothing was promised about. */
    void note(String what, String seen) {
        System.out.printf("       %-62s %s%n", what, seen);
    }

    /** Says how it ended; returns whether every promise was kept. */
    boolean end() {
        System.out.println(drill + ": " + (kept ? "every promise kept" : "a promise was broken"));
        return kept;
    }
}
