// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.settings;

import java.net.URI;
import java.time.Duration;

/**
 * Refuses settings outside their range before anything is started with them, by an {@link
 * IllegalArgumentException} that names the key, the value and what is expected.
 */
public final class Ranges {

    /** Longer would be no limit, and nanoseconds can be counted that far without care. */
    private static final Duration LONGEST = Duration.ofDays(7);

    private static final int MOST_PORT = 65_535;

    private Ranges() {}

    public static void number(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw refused(key, value, least + "-" + most);
        }
    }

    /** A port to listen on; 0 for any that is free. */
    public static void listeningPort(String key, int port) {
        number(key, port, 0, MOST_PORT);
    }

    /** A time from {@code least} to seven days. */
    public static void time(String key, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw refused(key, text(value), text(least) + " to " + text(LONGEST));
        }
    }

    /** Where the control plane or the auth service is: nothing is said to them in clear. */
    public static void secureAddress(String key, URI value) {
        int port = value.getPort();
        boolean right =
                "https".equals(value.getScheme())
                        && value.getHost() != null
                        && port > 0
                        && port <= MOST_PORT
                        && (value.getRawPath() == null || value.getRawPath().length() <= 1);
        if (!right) {
            throw refused(key, value, "an address such as https://127.0.0.1:8889");
        }
    }

    /** As settings are written. */
    private static String text(Duration value) {
        return value.toMillis() % 1_000 == 0 ? value.toSeconds() + "s" : value.toMillis() + "ms";
    }

    private static IllegalArgumentException refused(String key, Object value, String expected) {
        return new IllegalArgumentException(key + ": " + value + " (expected: " + expected + ")");
    }
}
