// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of one connection to an upstream. */
public final class RecordedConnection {

    private final int number;
    private @Nullable Ending ending;
    private @Nullable String malformed;
    private byte[] fragment = {};

    RecordedConnection(int number) {
        this.number = number;
    }

    /** Counted from 1 in the order of acceptance. */
    public int number() {
        return number;
    }

    /** How the peer ended it; empty while it is open or when the upstream ended it itself. */
    public synchronized Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /** Why its bytes could not be read as requests; empty if they could. */
    public synchronized Optional<String> malformed() {
        return Optional.ofNullable(malformed);
    }

    /** Bytes that came and belong to no recorded request. */
    public synchronized byte[] fragment() {
        return fragment.clone();
    }

    synchronized void endedBy(Ending ending) {
        this.ending = ending;
    }

    synchronized void fragment(byte[] fragment) {
        this.fragment = fragment;
    }

    synchronized void malformed(String why, byte[] fragment) {
        this.malformed = why;
        this.fragment = fragment;
    }

    @Override
    public String toString() {
        return "connection "
                + number
                + malformed().map(why -> " (" + why + ")").orElse("")
                + " "
                + Wire.shown(fragment());
    }
}
