// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

/** The connection ended inside a message. */
public final class CutMessage extends UnreadableMessage {

    private final Ending ending;

    CutMessage(Ending ending, String where) {
        super("connection " + ending + " " + where);
        this.ending = ending;
    }

    public Ending ending() {
        return ending;
    }
}
