// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.account;

import java.util.Locale;
import java.util.regex.Pattern;

/** A person's name for signing in, {@code sub} of their tokens. Upper case is no difference. */
public record Username(String value) {

    private static final Pattern SYNTAX = Pattern.compile("[a-z0-9][a-z0-9._@+-]{0,63}");

    public Username {
        value = value.strip().toLowerCase(Locale.ROOT);
        if (!SYNTAX.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "user name (expected: 1 to 64 letters, digits and . _ @ + -, first a letter"
                            + " or digit)");
        }
    }

    /** Whether the text can be a user's name. */
    public static boolean isName(String text) {
        return SYNTAX.matcher(text.strip().toLowerCase(Locale.ROOT)).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
