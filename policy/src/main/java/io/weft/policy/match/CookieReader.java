// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.request.HeaderName;
import io.weft.policy.request.RequestView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds one cookie, to the letter, in the Cookie fields of requests (RFC 6265 §4.2.1), of which
 * HTTP/2 may make several. It allocates nothing.
 */
final class CookieReader {

    static final HeaderName COOKIE = HeaderName.of("cookie");

    private final byte[] name;

    CookieReader(String name) {
        this.name = name.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Whether the cookie is there and has this value. With two values of that name, readers could
     * disagree about which counts: then it has none.
     */
    boolean isOnly(RequestView request, byte[] value) {
        byte[] bytes = request.bytes();
        boolean there = false;
        for (int field = request.header(COOKIE, 0);
                field >= 0;
                field = request.header(COOKIE, field + 1)) {
            int end = request.valueEnd(field);
            int at = find(bytes, request.valueStart(field), end);
            while (at >= 0) {
                int valueEnd = pairEnd(bytes, at, end);
                if (!Arrays.equals(value, 0, value.length, bytes, at, valueEnd)) {
                    return false;
                }
                there = true;
                at = find(bytes, nextPair(bytes, valueEnd, end), end);
            }
        }
        return there;
    }

    /** Where the first value of the cookie starts among the pairs from here on, or -1. */
    int find(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            int pairEnd = pairEnd(bytes, at, end);
            int value = valueOf(bytes, at, pairEnd);
            if (value >= 0) {
                return value;
            }
            at = nextPair(bytes, pairEnd, end);
        }
        return -1;
    }

    /** Where a pair, and with it its value, ends. */
    static int pairEnd(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && bytes[at] != ';') {
            at++;
        }
        return at;
    }

    private static int nextPair(byte[] bytes, int pairEnd, int end) {
        int at = pairEnd + 1;
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        return at;
    }

    /** Where the value of a pair begins if it is that of the cookie, otherwise -1. */
    private int valueOf(byte[] bytes, int start, int end) {
        int equals = start + name.length;
        return equals < end
                        && bytes[equals] == '='
                        && Arrays.equals(name, 0, name.length, bytes, start, equals)
                ? equals + 1
                : -1;
    }
}
