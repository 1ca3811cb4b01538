// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.problem;

import java.util.stream.Collectors;
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

    /** Longer texts of an author are cut: problems travel to logs and APIs. */
    private static final int LONGEST_TEXT = 120;

    public Problem {
        value = cut(value);
    }

    /**
     * A property path, one key further. A long key is cut, because a path is made for every key of
     * a document, whatever its author thought of.
     */
    public static String pathUnder(String parent, String key) {
        return parent + "." + cut(key);
    }

    public Problem(Position at, String path, String value, String message, String expected) {
        this(at, path, value, message, expected, null);
    }

    /**
     * One line for people: {@code shop.yml:18:14: weft.routes.shop: unknown service "paymnets"}.
     */
    @Override
    public String toString() {
        return line("");
    }

    /** As {@link #toString}, for what is not wrong but in vain. */
    public String asWarning() {
        return line("warning: ");
    }

    private String line(String mark) {
        var text = new StringBuilder().append(at).append(": ").append(mark);
        if (!path.isEmpty()) {
            text.append(inOneLine(path)).append(": ");
        }
        text.append(message);
        if (!value.isEmpty()) {
            text.append(" \"").append(inOneLine(value)).append('"');
        }
        if (suggestion != null) {
            text.append(", did you mean \"").append(suggestion).append("\"?");
        }
        if (!expected.isEmpty()) {
            text.append(" (expected: ").append(expected).append(')');
        }
        return text.toString();
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST_TEXT) {
            return text;
        }
        boolean splits = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1));
        return text.substring(0, splits ? LONGEST_TEXT - 1 : LONGEST_TEXT) + "…";
    }

    /** Documents must not be able to begin a line of a log. */
    private static String inOneLine(String written) {
        return written.codePoints().mapToObj(Problem::visible).collect(Collectors.joining());
    }

    private static String visible(int point) {
        boolean breaks = Character.isISOControl(point) || point == 0x2028 || point == 0x2029;
        return breaks ? "\\u%04x".formatted(point) : Character.toString(point);
    }
}
