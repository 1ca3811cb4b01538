// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

/**
 * Looks into a query as it was sent, decoding ({@code %41}, {@code +}) while it compares. An escape
 * that is not one stands for itself.
 */
final class QueryParameters {

    private QueryParameters() {}

    /** Where the value of the first parameter of that name starts, or -1. */
    static int find(byte[] bytes, int start, int end, byte[] name) {
        int at = start;
        while (at < end) {
            int next = indexOf(bytes, at, end, '&');
            int equals = indexOf(bytes, at, next, '=');
            if (is(bytes, at, equals, name)) {
                return Math.min(equals + 1, next);
            }
            at = next + 1;
        }
        return -1;
    }

    /** Where a value that starts here ends. */
    static int valueEnd(byte[] bytes, int valueStart, int end) {
        // An empty value without "=" starts at the separator itself.
        return indexOf(bytes, valueStart, end, '&');
    }

    /** Whether an encoded text stands for these bytes. */
    static boolean is(byte[] bytes, int start, int end, byte[] decoded) {
        int at = start;
        for (byte expected : decoded) {
            if (at >= end || decode(bytes, at, end) != (expected & 0xff)) {
                return false;
            }
            at += width(bytes, at, end);
        }
        return at == end;
    }

    private static int decode(byte[] bytes, int at, int end) {
        if (bytes[at] == '+') {
            return ' ';
        }
        return width(bytes, at, end) == 3
                ? digit(bytes[at + 1]) << 4 | digit(bytes[at + 2])
                : bytes[at] & 0xff;
    }

    private static int width(byte[] bytes, int at, int end) {
        boolean escape =
                bytes[at] == '%'
                        && at + 2 < end
                        && digit(bytes[at + 1]) >= 0
                        && digit(bytes[at + 2]) >= 0;
        return escape ? 3 : 1;
    }

    private static int digit(byte b) {
        return Character.digit((char) b, 16);
    }

    private static int indexOf(byte[] bytes, int start, int end, char wanted) {
        int at = start;
        while (at < end && bytes[at] != wanted) {
            at++;
        }
        return at;
    }
}
