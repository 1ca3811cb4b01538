// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import java.nio.charset.StandardCharsets;

/**
 * A set of paths, by segment: {@code *} is any one segment, {@code **} at the end is what remains,
 * also nothing. {@code /orders/**} covers {@code /orders}, {@code /orders/} and all below.
 */
public final class PathPattern {

    public static final String SYNTAX =
            "an absolute path such as /orders, /orders/* (one segment) or /orders/** (all below)";

    private final String text;
    private final byte[][] segments;
    private final boolean open;

    private PathPattern(String text, byte[][] segments, boolean open) {
        this.text = text;
        this.segments = segments;
        this.open = open;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException when the text is no such pattern
     */
    public static PathPattern parse(String text) {
        boolean open = text.endsWith("/**");
        String closed = open ? text.substring(0, text.length() - 3) : text;
        if (!text.startsWith("/")) {
            throw wrong(text);
        }
        String[] parts = closed.isEmpty() ? new String[0] : closed.substring(1).split("/", -1);
        byte[][] segments = new byte[parts.length][];
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].contains("*") && !parts[i].equals("*")) {
                throw wrong(text);
            }
            segments[i] = parts[i].getBytes(StandardCharsets.US_ASCII);
        }
        return new PathPattern(text, segments, open);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("path: " + text + " (expected: " + SYNTAX + ")");
    }

    /** Whether a path in normal form belongs to the set. */
    public boolean covers(byte[] bytes, int start, int end) {
        int at = start;
        for (byte[] segment : segments) {
            if (at >= end || bytes[at] != '/') {
                return false;
            }
            int segmentEnd = at + 1;
            while (segmentEnd < end && bytes[segmentEnd] != '/') {
                segmentEnd++;
            }
            if (!covers(segment, bytes, at + 1, segmentEnd)) {
                return false;
            }
            at = segmentEnd;
        }
        return open || at == end;
    }

    private static boolean covers(byte[] segment, byte[] bytes, int start, int end) {
        // A literal segment cannot contain a star, so the star alone says it.
        if (segment.length == 1 && segment[0] == '*') {
            return end > start;
        }
        if (end - start != segment.length) {
            return false;
        }
        for (int i = 0; i < segment.length; i++) {
            if (bytes[start + i] != segment[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof PathPattern other && other.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
