// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import io.weft.policy.request.HeaderName;

/**
 * By what a weighted split knows somebody again, so that all of their requests have one destination
 * as long as the weights let them. Requests without it are split one by one.
 */
public sealed interface Sticky {

    String SYNTAX = "header:<name>, cookie:<name>, ip or none";

    /** The first field of that name. */
    record Header(HeaderName name) implements Sticky {
        @Override
        public String toString() {
            return "header:" + name;
        }
    }

    /** The first cookie of that name, to the letter (RFC 6265 §4.2). */
    record Cookie(String name) implements Sticky {
        @Override
        public String toString() {
            return "cookie:" + name;
        }
    }

    /** The visitor's address, which is known at the edge alone. */
    record Address() implements Sticky {
        @Override
        public String toString() {
            return "ip";
        }
    }

    /** Each request is split by itself. */
    record None() implements Sticky {
        @Override
        public String toString() {
            return "none";
        }
    }

    /**
     * Reads one as a policy writes it.
     *
     * @throws IllegalArgumentException when the text is none of them
     */
    static Sticky parse(String text) {
        if (text.equals("none")) {
            return new None();
        } else if (text.equals("ip")) {
            return new Address();
        } else if (text.startsWith("header:")) {
            return new Header(HeaderName.of(text.substring("header:".length())));
        } else if (text.startsWith("cookie:")
                && CookieSyntax.NAME.matcher(text.substring("cookie:".length())).matches()) {
            return new Cookie(text.substring("cookie:".length()));
        }
        throw new IllegalArgumentException("sticky: " + text + " (expected: " + SYNTAX + ")");
    }
}
