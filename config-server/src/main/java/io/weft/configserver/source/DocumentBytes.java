// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import io.weft.policy.compile.PolicyText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Turns the bytes of a document into its text, within bounds. */
final class DocumentBytes {

    /** Of one document. */
    static final int MAX_BYTES = 16 * 1024 * 1024;

    /** Of one backend: what the smallest sensible heap can still compile. */
    static final int MAX_DOCUMENTS = 10_000;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private DocumentBytes() {}

    static PolicyText tooLarge(String name, long bytes) {
        return PolicyText.unreadable(
                name, "document too large: " + bytes + " bytes (expected: at most 16 MiB)");
    }

    static PolicyText decode(String name, byte[] bytes) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return new PolicyText(
                    name, text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            return PolicyText.unreadable(name, "not UTF-8");
        }
    }
}
