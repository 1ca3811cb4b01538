// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Origins of web pages (RFC 6454 §6.2, Gateway API, {@code CORSOrigin}). */
public sealed interface OriginPattern {

    String SYNTAX = "https://shop.example, https://*.shop.example for all below it, or *";

    /** Every origin. */
    record Any() implements OriginPattern {
        @Override
        public String toString() {
            return "*";
        }
    }

    /** One origin, as browsers write it. */
    record Exact(String origin) implements OriginPattern {
        @Override
        public String toString() {
            return origin;
        }
    }

    /**
     * Every origin of that scheme and port with at least one label before the suffix.
     *
     * @param scheme with the slashes after it
     * @param suffix with the dot before it, and the port if there is one
     */
    record Below(String scheme, String suffix) implements OriginPattern {
        @Override
        public String toString() {
            return scheme + "*" + suffix;
        }
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException when the text is none
     */
    static OriginPattern parse(String text) {
        if (text.equals("*")) {
            return new Any();
        }
        Matcher parts = OriginSyntax.PARTS.matcher(text);
        if (!parts.matches() || !parts.group("host").equals(host(parts).toString())) {
            throw new IllegalArgumentException("origin: " + text + " (expected: " + SYNTAX + ")");
        }
        return host(parts) instanceof HostPattern.Wildcard(String suffix)
                ? new Below(parts.group("scheme"), "." + suffix + parts.group("port"))
                : new Exact(text);
    }

    private static HostPattern host(Matcher parts) {
        return HostPattern.parse(parts.group("host"));
    }
}

final class OriginSyntax {
    /** Without a port where it is the scheme's own: as browsers write it. */
    static final Pattern PARTS =
            Pattern.compile(
                    "(?<scheme>http(?!.*:80$)://|https(?!.*:443$)://)"
                            + "(?<host>[^/]+?)(?<port>(:[1-9][0-9]{0,4})?)");

    private OriginSyntax() {}
}
