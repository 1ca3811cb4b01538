// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.problem;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a policy. Problems are collected, never thrown, so that an author
 * sees all of them at once.
 *
 * @param at where the offending value stands
 * @param path the property path, for example {@code weft.routes.shop.rules.all.to}
 * @param value the offending text as it was written; empty when something is missing
 * @param message what is wrong, in a few words
 * @param expected what would have been right; empty when the message says it all
 * @param suggestion the known name that was probably meant
 */
public record Problem(
        Position at,
        String path,
        String value,
        String message,
        String expected,
        @Nullable String suggestion) {

    /** A value longer than this is cut in {@link #value()}: problems travel to logs and APIs. */
    private static final int LONGEST_VALUE = 120;

    public Problem {
        if (value.length() > LONGEST_VALUE) {
            value = value.substring(0, LONGEST_VALUE) + "…";
        }
    }

    public Problem(Position at, String path, String value, String message, String expected) {
        this(at, path, value, message, expected, null);
    }

    /**
     * One line for people: {@code shop.yml:18:14: weft.routes.shop: unknown service "paymnets"}.
     */
    @Override
    public String toString() {
        var text = new StringBuilder().append(at).append(": ");
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        text.append(message);
        if (!value.isEmpty()) {
            text.append(" \"").append(value).append('"');
        }
        if (suggestion != null) {
            text.append(", did you mean \"").append(suggestion).append("\"?");
        }
        if (!expected.isEmpty()) {
            text.append(" (expected: ").append(expected).append(')');
        }
        return text.toString();
    }
}
