// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.io.IOException;

/** Why there is no whole message where one was expected. */
public abstract sealed class UnreadableMessage extends IOException
        permits MalformedMessage, CutMessage, NoMessage {

    UnreadableMessage(String message) {
        super(message);
    }
}
