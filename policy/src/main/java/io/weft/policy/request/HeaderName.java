// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The name of a header field: a token (RFC 9110 §5.6.2) whose case does not matter. It carries the
 * hash under which a {@link RequestView} finds it.
 */
public final class HeaderName implements Comparable<HeaderName> {

    public static final String SYNTAX = "a header name: letters, digits and !#$%&'*+-.^_`|~";

    /** Lower-case form of each byte that a token may have, 0 for all others. */
    private static final byte[] TOKEN = new byte[256];

    static {
        for (int c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = (byte) c;
            TOKEN[c - 'a' + 'A'] = (byte) c;
        }
        for (char c : "0123456789!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = (byte) c;
        }
    }

    private final String text;
    private final byte[] bytes;
    private final int hash;

    private HeaderName(String text) {
        this.text = text;
        this.bytes = text.getBytes(StandardCharsets.US_ASCII);
        this.hash = hash(bytes, 0, bytes.length);
    }

    /**
     * Reads a name.
     *
     * @throws IllegalArgumentException when the text is not a token
     */
    public static HeaderName of(String text) {
        if (!isToken(text)) {
            throw new IllegalArgumentException("header: " + text + " (expected: " + SYNTAX + ")");
        }
        return new HeaderName(text.toLowerCase(Locale.ROOT));
    }

    public static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c < 128 && TOKEN[c] != 0);
    }

    /** The lower-case form of a token's byte, or 0 when a token cannot have it. */
    public static byte tokenByte(byte b) {
        return TOKEN[b & 0xff];
    }

    /** The next value of the hash of a name, given its next byte in lower case; it starts at 0. */
    public static int hash(int hash, byte lowerCase) {
        return 31 * hash + lowerCase;
    }

    static int hash(byte[] bytes, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = hash(hash, bytes[i]);
        }
        return hash;
    }

    /** Whether the bytes spell this name, in whatever case. */
    public boolean is(byte[] bytes, int start, int end) {
        if (end - start != this.bytes.length) {
            return false;
        }
        for (int i = 0; i < this.bytes.length; i++) {
            if (TOKEN[bytes[start + i] & 0xff] != this.bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** The name in lower case, for writing it; the caller must not change it. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int compareTo(HeaderName other) {
        return text.compareTo(other.text);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof HeaderName other && other.text.equals(text);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The name in lower case. */
    @Override
    public String toString() {
        return text;
    }
}
