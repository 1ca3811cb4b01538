// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.token;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a claim stands: its name, or names divided by dots that lead into nested objects. A claim
 * whose name has dots itself, as in {@code https://id.example/tenant}, is found by the whole text
 * before any other.
 */
public record ClaimPath(String text) {

    public static final String SYNTAX =
            "the name of a claim, or names divided by dots, at most 200 characters";

    private static final Pattern PATH = Pattern.compile("[!-~]{1,200}");

    public ClaimPath {
        if (!PATH.matcher(text).matches()) {
            throw new IllegalArgumentException("claim: " + text + " (expected: " + SYNTAX + ")");
        }
    }

    /** The claim's value, or null when there is none. */
    public @Nullable Object in(Map<String, Object> claims) {
        Object whole = claims.get(text);
        if (whole != null) {
            return whole;
        }
        int from = 0;
        Object at = claims;
        while (at instanceof Map<?, ?> object) {
            int dot = text.indexOf('.', from);
            if (dot < 0) {
                return object.get(text.substring(from));
            }
            at = object.get(text.substring(from, dot));
            from = dot + 1;
        }
        return null;
    }

    @Override
    public String toString() {
        return text;
    }
}
