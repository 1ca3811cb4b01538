// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

import static io.weft.policy.request.PathFault.ABOVE_ROOT;
import static io.weft.policy.request.PathFault.AMBIGUOUS_CHARACTER;
import static io.weft.policy.request.PathFault.AMBIGUOUS_ESCAPE;
import static io.weft.policy.request.PathFault.BAD_CHARACTER;
import static io.weft.policy.request.PathFault.BAD_ESCAPE;
import static io.weft.policy.request.PathFault.NOT_ABSOLUTE;
import static io.weft.policy.request.PathFault.NOT_UTF8;
import static io.weft.policy.request.PathFault.TOO_MANY_SEGMENTS;

import java.util.Arrays;

/**
 * Brings a path into the one form that routes and access rules see and upstreams get (RFC 3986
 * §6.2.2): percent-encoded unreserved characters decoded, dot segments removed, runs of slashes
 * merged. Paths that readers behind us might understand differently are refused rather than
 * repaired: encoded slashes, backslashes, semicolons (which servlet containers cut off) and bytes
 * that are not UTF-8. Hexadecimal digits keep their case; {@link #upperCaseEscapes} makes the form
 * to compare.
 */
public final class PathNormalizer {

    /** More segments than this, counted before dot segments are removed, are refused. */
    public static final int MAX_SEGMENTS = 256;

    private static final byte PLAIN = 1;
    private static final byte SLASH = 2;
    private static final byte PERCENT = 3;
    private static final byte AMBIGUOUS = 4;

    /** What each byte is in a path; 0 for those it cannot have (RFC 3986 §3.3, {@code pchar}). */
    private static final byte[] KIND = new byte[256];

    private static final byte[] HEX = new byte[256];

    static {
        for (char c :
                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,=:@"
                        .toCharArray()) {
            KIND[c] = PLAIN;
        }
        KIND['/'] = SLASH;
        KIND['%'] = PERCENT;
        KIND['\\'] = AMBIGUOUS;
        KIND[';'] = AMBIGUOUS;
        Arrays.fill(HEX, (byte) -1);
        for (int i = 0; i < 16; i++) {
            HEX["0123456789abcdef".charAt(i)] = (byte) i;
            HEX["0123456789ABCDEF".charAt(i)] = (byte) i;
        }
    }

    private PathNormalizer() {}

    /**
     * Writes the normal form of {@code from[start, end)} to {@code to} from {@code at}, which needs
     * room for as many bytes; both may be the same array at the same place.
     *
     * @return where the normal form ends, or {@link #failure a failure} below zero
     */
    public static int normalize(byte[] from, int start, int end, byte[] to, int at) {
        if (start == end || from[start] != '/') {
            return failed(NOT_ABSOLUTE);
        }
        int out = at;
        int segment = at + 1;
        int segments = 0;
        int i = start;
        to[out++] = '/';
        i++;
        while (true) {
            byte kind = i < end ? KIND[from[i] & 0xff] : SLASH;
            switch (kind) {
                case PLAIN -> to[out++] = from[i++];
                case PERCENT -> {
                    int decoded = escape(from, i, end);
                    if (decoded < 0) {
                        return decoded;
                    }
                    if (decoded < 0x80 && isUnreserved(decoded)) {
                        to[out++] = (byte) decoded;
                        i += 3;
                        break;
                    }
                    int next = decoded < 0x80 ? i + 3 : utf8(from, i, end, decoded);
                    if (next < 0) {
                        return next;
                    }
                    while (i < next) {
                        to[out++] = from[i++];
                    }
                }
                case SLASH -> {
                    if (++segments > MAX_SEGMENTS) {
                        return failed(TOO_MANY_SEGMENTS);
                    }
                    int dots = dots(to, segment, out);
                    if (dots == 2) {
                        if (segment == at + 1) {
                            return failed(ABOVE_ROOT);
                        }
                        segment = previousSegment(to, segment, at);
                        out = segment;
                    } else if (dots == 1) {
                        out = segment;
                    } else if (out > segment && i < end) {
                        to[out++] = '/';
                        segment = out;
                    }
                    if (i >= end) {
                        return out;
                    }
                    i++;
                }
                case AMBIGUOUS -> {
                    return failed(AMBIGUOUS_CHARACTER);
                }
                default -> {
                    return failed(BAD_CHARACTER);
                }
            }
        }
    }

    /**
     * Writes a normal path with its percent-encodings in upper case, the form in which paths are
     * compared.
     *
     * @return whether there was any difference; if not, nothing was written
     */
    public static boolean upperCaseEscapes(byte[] from, int start, int end, byte[] to, int at) {
        boolean differs = false;
        for (int i = start; i < end && !differs; i++) {
            differs = from[i] == '%' && (isLowerHex(from[i + 1]) || isLowerHex(from[i + 2]));
        }
        if (!differs) {
            return false;
        }
        System.arraycopy(from, start, to, at, end - start);
        for (int i = at; i < at + end - start; i++) {
            if (to[i] == '%') {
                to[i + 1] = upperHex(to[i + 1]);
                to[i + 2] = upperHex(to[i + 2]);
            }
        }
        return true;
    }

    /** The fault behind a result below zero. */
    public static PathFault failure(int result) {
        return PathFault.values()[-result - 1];
    }

    /** Decodes two hexadecimal digits, or is below zero when one of them is none. */
    static int hex(byte high, byte low) {
        return HEX[high & 0xff] << 4 | HEX[low & 0xff];
    }

    private static int escape(byte[] from, int i, int end) {
        if (i + 2 >= end) {
            return failed(BAD_ESCAPE);
        }
        int decoded = hex(from[i + 1], from[i + 2]);
        if (decoded < 0) {
            return failed(BAD_ESCAPE);
        }
        return decoded == '/' || decoded == '\\' || decoded == ';' || decoded == 0
                ? failed(AMBIGUOUS_ESCAPE)
                : decoded;
    }

    /** Where the percent-encoded UTF-8 sequence that starts here ends (RFC 3629 §4). */
    private static int utf8(byte[] from, int i, int end, int first) {
        int more;
        int low = 0x80;
        int high = 0xbf;
        if (first >= 0xc2 && first <= 0xdf) {
            more = 1;
        } else if (first >= 0xe0 && first <= 0xef) {
            more = 2;
            low = first == 0xe0 ? 0xa0 : low;
            high = first == 0xed ? 0x9f : high;
        } else if (first >= 0xf0 && first <= 0xf4) {
            more = 3;
            low = first == 0xf0 ? 0x90 : low;
            high = first == 0xf4 ? 0x8f : high;
        } else {
            return failed(NOT_UTF8);
        }
        int at = i + 3;
        for (int n = 0; n < more; n++, at += 3) {
            if (at + 2 >= end || from[at] != '%') {
                return failed(NOT_UTF8);
            }
            int next = hex(from[at + 1], from[at + 2]);
            if (next < low || next > high) {
                return failed(NOT_UTF8);
            }
            low = 0x80;
            high = 0xbf;
        }
        return at;
    }

    private static int dots(byte[] to, int segment, int out) {
        int length = out - segment;
        if (length == 1 && to[segment] == '.') {
            return 1;
        }
        return length == 2 && to[segment] == '.' && to[segment + 1] == '.' ? 2 : 0;
    }

    private static int previousSegment(byte[] to, int segment, int at) {
        int previous = segment - 1;
        while (previous > at + 1 && to[previous - 1] != '/') {
            previous--;
        }
        return Math.max(previous, at + 1);
    }

    private static boolean isUnreserved(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    private static boolean isLowerHex(byte b) {
        return b >= 'a' && b <= 'f';
    }

    private static byte upperHex(byte b) {
        return isLowerHex(b) ? (byte) (b - 'a' + 'A') : b;
    }

    private static int failed(PathFault fault) {
        return -fault.ordinal() - 1;
    }
}
