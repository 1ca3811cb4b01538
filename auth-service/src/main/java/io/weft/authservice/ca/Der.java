// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

/**
 * Looks at the outline of an encoding before a parser that recurses does: definite lengths that fit
 * into each other, a few levels deep, one value and nothing after it.
 */
final class Der {

    private static final int MAX_DEPTH = 12;

    private static final int CONSTRUCTED = 0x20;

    private final byte[] bytes;
    private int at;

    private Der(byte[] bytes) {
        this.bytes = bytes;
    }

    static void requireShallow(byte[] bytes) {
        Der outline = new Der(bytes);
        outline.value(bytes.length, 0);
        if (outline.at != bytes.length) {
            throw new BadCsrException("bytes after its end");
        }
    }

    private void value(int end, int depth) {
        if (depth > MAX_DEPTH) {
            throw new BadCsrException("nested too deeply");
        }
        int tag = next(end);
        if ((tag & 0x1f) == 0x1f) {
            throw new BadCsrException("not a PKCS#10");
        }
        int valueEnd = length(end);
        if ((tag & CONSTRUCTED) != 0) {
            while (at < valueEnd) {
                value(valueEnd, depth + 1);
            }
        }
        at = valueEnd;
    }

    /** Where the value ends that begins after the length. */
    private int length(int end) {
        int first = next(end);
        int length = first;
        if (first >= 0x80) {
            int count = first & 0x7f;
            if (count == 0 || count > 2) {
                throw new BadCsrException("not in DER");
            }
            length = 0;
            for (int i = 0; i < count; i++) {
                length = length << 8 | next(end);
            }
        }
        if (length > end - at) {
            throw new BadCsrException("cut off");
        }
        return at + length;
    }

    private int next(int end) {
        if (at >= end) {
            throw new BadCsrException("cut off");
        }
        return bytes[at++] & 0xff;
    }
}
