// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.util.regex.Pattern;

/**
 * A filter of the gateway that a rule has its requests pass: a name that the gateway knows, and
 * arguments in its own notation, in which nothing is ever evaluated.
 *
 * @param arguments without the equals sign in front; empty when there are none
 */
public record FilterUse(String name, String arguments) {

    public static final String SYNTAX =
            "a filter's name, alone or with arguments as in LocalResponseCache=5m,10MB, and"
                    + " without #{";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,126}");
    private static final Pattern ARGUMENTS = Pattern.compile("[^\\p{Cntrl}]{0,1000}");

    /** What Spring would take for an expression. */
    private static final String EXPRESSION = "#{";

    public FilterUse {
        if (!NAME.matcher(name).matches()
                || !ARGUMENTS.matcher(arguments).matches()
                || arguments.contains(EXPRESSION)) {
            throw new IllegalArgumentException(
                    "filter: " + name + "=" + arguments + " (expected: " + SYNTAX + ")");
        }
    }

    /**
     * Reads one as a policy writes it.
     *
     * @throws IllegalArgumentException when the text is none
     */
    public static FilterUse parse(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new FilterUse(text, "")
                : new FilterUse(text.substring(0, equals), text.substring(equals + 1));
    }

    @Override
    public String toString() {
        return arguments.isEmpty() ? name : name + "=" + arguments;
    }
}
