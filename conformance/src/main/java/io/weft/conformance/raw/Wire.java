// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Bytes as text and back, one character for each byte. */
public final class Wire {

    private Wire() {}

    public static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    public static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    /** A message head: the lines, each with its CRLF, and the empty line. */
    public static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** The bytes for a person to read: controls and non-ASCII escaped, long ones shortened. */
    public static String shown(byte[] bytes) {
        StringBuilder shown = new StringBuilder();
        int end = Math.min(bytes.length, 600);
        for (int i = 0; i < end; i++) {
            int b = bytes[i] & 0xff;
            switch (b) {
                case '\r' -> shown.append("\\r");
                case '\n' -> shown.append("\\n");
                case '\t' -> shown.append("\\t");
                default ->
                        shown.append(
                                b >= 0x20 && b < 0x7f
                                        ? String.valueOf((char) b)
                                        : String.format("\\x%02x", b));
            }
        }
        return end < bytes.length ? shown + "... (" + bytes.length + " bytes)" : shown.toString();
    }

    static boolean isTokenCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(Wire::isTokenCharacter);
    }

    static boolean isVisible(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }

    static boolean isDigits(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
