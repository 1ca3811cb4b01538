// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

/** Which paths a match is for. Paths are compared in normal form. */
public sealed interface PathMatch {

    /** What a match that names no path is for. */
    PathMatch ANY = new Prefix("/");

    /** That path and no other; a slash at the end matters. */
    record Exact(String path) implements PathMatch {
        public Exact {
            requireAbsolute(path);
        }
    }

    /**
     * That path and everything below it, by segment: {@code /v2} covers {@code /v2}, {@code /v2/}
     * and {@code /v2/x}, not {@code /v2x}.
     *
     * @param path without a slash at the end, except for the root
     */
    record Prefix(String path) implements PathMatch {
        public Prefix {
            requireAbsolute(path);
            if (path.length() > 1 && path.endsWith("/")) {
                throw new IllegalArgumentException(
                        "prefix: " + path + " (expected: no slash at the end)");
            }
        }
    }

    /**
     * Every path that the pattern covers from its first to its last character.
     *
     * @param pattern in the syntax of RE2, without word boundaries and Unicode classes
     */
    record Regex(String pattern) implements PathMatch {}

    private static void requireAbsolute(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path: " + path + " (expected: a slash first)");
        }
    }
}
