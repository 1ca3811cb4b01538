// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

/** A cookie that must be there and have this value, to the letter, wherever its name stands. */
public record CookieMatch(String name, String value) {

    public static final String NAME_SYNTAX =
            "the name of a cookie: 1 to 128 letters, digits and !#$%&'*+-.^_`|~";
    public static final String VALUE_SYNTAX =
            "the value of a cookie: visible ASCII characters without ;, no space at either end";

    public CookieMatch {
        requireName(name);
        requireValue(value);
    }

    /**
     * @throws IllegalArgumentException when no cookie can be called that
     */
    public static String requireName(String name) {
        if (!CookieSyntax.NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "cookie: " + name + " (expected: " + NAME_SYNTAX + ")");
        }
        return name;
    }

    /**
     * @throws IllegalArgumentException when no cookie can have that
     */
    public static String requireValue(String value) {
        if (!CookieSyntax.VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "cookie: " + value + " (expected: " + VALUE_SYNTAX + ")");
        }
        return value;
    }
}
