// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

/** The connection ended before the first byte of a message. */
public final class NoMessage extends UnreadableMessage {

    private final Ending ending;

    NoMessage(Ending ending) {
        super("connection " + ending + " before a message");
        this.ending = ending;
    }

    public Ending ending() {
        return ending;
    }
}
