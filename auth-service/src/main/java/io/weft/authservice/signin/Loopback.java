// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.signin;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Redirect URIs of native applications (RFC 8252 §7.3): registered on a loopback address without
 * port, used with the port they happened to get. Everything else of them is compared exactly.
 */
public final class Loopback {

    private static final Set<String> LITERALS = Set.of("127.0.0.1", "[::1]");

    private static final Pattern WITH_PORT =
            Pattern.compile("(http://(?:127\\.0\\.0\\.1|\\[::1\\])):[1-9][0-9]{0,4}(/.*)?");

    private Loopback() {}

    static boolean isLiteral(String host) {
        return LITERALS.contains(host);
    }

    /** Whether the URI, without its port, is one of the registered. */
    public static boolean matches(String requested, Iterable<String> registered) {
        Matcher matcher = WITH_PORT.matcher(requested);
        if (!matcher.matches()) {
            return false;
        }
        String path = matcher.group(2);
        String portless = matcher.group(1) + (path == null ? "" : path);
        for (String each : registered) {
            if (each.equals(portless)) {
                return true;
            }
        }
        return false;
    }
}
