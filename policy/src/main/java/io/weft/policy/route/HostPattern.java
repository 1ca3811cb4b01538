// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.util.Locale;
import java.util.regex.Pattern;

/** The hosts a route is for. Case and port do not matter. */
public sealed interface HostPattern {

    String SYNTAX = "a host name such as shop.example, or *.shop.example for all below it";

    /** One host. */
    record Exact(String host) implements HostPattern {
        @Override
        public String toString() {
            return host;
        }
    }

    /**
     * Every host with at least one label before the suffix: {@code *.bar.com} covers {@code
     * foo.bar.com} and {@code a.foo.bar.com}, not {@code bar.com} (Gateway API, {@code Hostname}).
     *
     * @param suffix what follows the star's dot
     */
    record Wildcard(String suffix) implements HostPattern {
        @Override
        public String toString() {
            return "*." + suffix;
        }
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException when the text is neither
     */
    static HostPattern parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean wildcard = lower.startsWith("*.");
        String host = wildcard ? lower.substring(2) : lower;
        boolean literal = !wildcard && HostSyntax.IPV6.matcher(host).matches();
        if (host.length() > 253 || !literal && !HostSyntax.NAME.matcher(host).matches()) {
            throw new IllegalArgumentException("host: " + text + " (expected: " + SYNTAX + ")");
        }
        return wildcard ? new Wildcard(host) : new Exact(host);
    }
}

final class HostSyntax {
    /** Dot-separated DNS labels (RFC 1123 §2.1), with the underscore that some names have. */
    static final Pattern NAME =
            Pattern.compile(
                    "[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?)*");

    /** As it stands in a Host header. */
    static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]{2,45}]");

    private HostSyntax() {}
}
