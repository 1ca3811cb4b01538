// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.key;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When token-signing keys change.
 *
 * @param rotateEvery how long a key signs
 * @param publishAhead how long a key is published before it signs: longer than verifiers take to
 *     fetch keys again
 */
public record KeySettings(
        @DefaultValue("30d") Duration rotateEvery, @DefaultValue("1h") Duration publishAhead) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    public KeySettings {
        if (publishAhead.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "publish-ahead: " + publishAhead + " (expected: at least 1s)");
        }
        if (rotateEvery.compareTo(publishAhead) <= 0) {
            throw new IllegalArgumentException(
                    "rotate-every: "
                            + rotateEvery
                            + " (expected: more than publish-ahead, "
                            + publishAhead
                            + ")");
        }
    }

    /** Often enough that every instance knows a key well before it signs. */
    public Duration refreshEvery() {
        Duration quarter = publishAhead.dividedBy(4);
        return quarter.compareTo(Duration.ofSeconds(30)) < 0 ? quarter : Duration.ofSeconds(30);
    }
}
