// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

/**
 * Host and optional port, as a Host field has them (RFC 9110 §7.2), without what makes it vague.
 */
final class Authority {

    private static final int MAX_HOST = 255;

    private Authority() {}

    /** The length of the host at the front of a valid authority, or -1. */
    static int hostLength(byte[] bytes, int start, int end) {
        int hostEnd =
                start < end && bytes[start] == '['
                        ? literal(bytes, start, end)
                        : name(bytes, start, end);
        if (hostEnd < 0 || hostEnd == start || hostEnd - start > MAX_HOST) {
            return -1;
        }
        return hostEnd == end || isPort(bytes, hostEnd, end) ? hostEnd - start : -1;
    }

    private static int name(byte[] bytes, int start, int end) {
        int at = start;
        boolean labelEmpty = true;
        while (at < end && bytes[at] != ':') {
            byte b = bytes[at];
            if (b == '.') {
                if (labelEmpty) {
                    return -1;
                }
                labelEmpty = true;
            } else if (isNameByte(b)) {
                labelEmpty = false;
            } else {
                return -1;
            }
            at++;
        }
        return at;
    }

    private static boolean isNameByte(byte b) {
        return b >= 'a' && b <= 'z'
                || b >= 'A' && b <= 'Z'
                || b >= '0' && b <= '9'
                || b == '-'
                || b == '_';
    }

    /**
     * An IPv6 literal in brackets: hexadecimal digits, colons and dots; the resolver knows more.
     */
    private static int literal(byte[] bytes, int start, int end) {
        for (int at = start + 1; at < end; at++) {
            byte b = bytes[at];
            if (b == ']') {
                return at - start > 2 ? at + 1 : -1;
            }
            boolean allowed =
                    b >= '0' && b <= '9'
                            || b >= 'a' && b <= 'f'
                            || b >= 'A' && b <= 'F'
                            || b == ':'
                            || b == '.';
            if (!allowed) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isPort(byte[] bytes, int colon, int end) {
        int digits = end - colon - 1;
        if (bytes[colon] != ':' || digits < 1 || digits > 5) {
            return false;
        }
        for (int i = colon + 1; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        int port = port(bytes, colon + 1, end);
        return port > 0 && port <= 65_535;
    }

    /** The number that the digits of a valid authority's port are. */
    static int port(byte[] bytes, int start, int end) {
        int port = 0;
        for (int i = start; i < end; i++) {
            port = port * 10 + bytes[i] - '0';
        }
        return port;
    }
}
