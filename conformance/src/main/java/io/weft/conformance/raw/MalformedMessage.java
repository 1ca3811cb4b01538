// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

/** The bytes break the grammar of RFC 9112, so where the message ends is anybody's guess. */
public final class MalformedMessage extends UnreadableMessage {

    MalformedMessage(String message) {
        super(message);
    }
}
