// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.token;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the keys of issuers are kept.
 *
 * @param meshKeys where the mesh's own auth service publishes its keys
 * @param stateDirectory where the last good keys are kept, for starting without their issuers
 * @param refresh how old keys may get before they are asked for again, when the issuer says nothing
 * @param stale how old keys may get before they are no longer used
 */
public record TokenSettings(URI meshKeys, Path stateDirectory, Duration refresh, Duration stale) {

    public static final Duration DEFAULT_REFRESH = Duration.ofMinutes(5);
    public static final Duration DEFAULT_STALE = Duration.ofHours(24);

    public TokenSettings {
        if (refresh.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("refresh: " + refresh + " (expected: at least 1s)");
        }
        if (stale.compareTo(refresh) < 0) {
            throw new IllegalArgumentException(
                    "stale: " + stale + " (expected: at least the refresh of " + refresh + ")");
        }
    }

    public TokenSettings(URI meshKeys, Path stateDirectory) {
        this(meshKeys, stateDirectory, DEFAULT_REFRESH, DEFAULT_STALE);
    }
}
