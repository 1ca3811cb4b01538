// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import org.jspecify.annotations.Nullable;

/** A path of this gateway, with its query: no way of writing it leads a browser anywhere else. */
record LocalPath(String text) {

    private static final LocalPath ROOT = new LocalPath("/");

    /** It has to fit into a cookie. */
    private static final int LONGEST = 1_500;

    LocalPath {
        if (!isLocal(text)) {
            throw new IllegalArgumentException("path: " + text + " (expected: one of this host)");
        }
    }

    static LocalPath orRoot(@Nullable String text) {
        return text != null && isLocal(text) ? new LocalPath(text) : ROOT;
    }

    /** Browsers take {@code //host} and {@code /\host} for another host's. */
    private static boolean isLocal(String text) {
        return text.startsWith("/")
                && !text.startsWith("//")
                && text.length() <= LONGEST
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
    }

    @Override
    public String toString() {
        return text;
    }
}
