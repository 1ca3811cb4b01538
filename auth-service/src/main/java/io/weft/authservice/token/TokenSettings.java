// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.token;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What tokens are like, unless a client has it otherwise.
 *
 * @param accessLife life of access and ID tokens, 5 to 15 minutes: they cannot be called back
 * @param refreshLife how long a refresh token waits for its use; each use begins anew
 * @param audience for whom access tokens are
 */
public record TokenSettings(
        @DefaultValue("5m") Duration accessLife,
        @DefaultValue("8h") Duration refreshLife,
        @DefaultValue("weft") List<String> audience) {

    private static final Duration SHORTEST = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofMinutes(15);

    public TokenSettings {
        if (accessLife.compareTo(SHORTEST) < 0 || accessLife.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "access-life: " + accessLife + " (expected: 5m to 15m)");
        }
        if (refreshLife.compareTo(accessLife) <= 0) {
            throw new IllegalArgumentException(
                    "refresh-life: "
                            + refreshLife
                            + " (expected: more than access-life, "
                            + accessLife
                            + ")");
        }
        audience = List.copyOf(audience);
        if (audience.isEmpty()) {
            throw new IllegalArgumentException("audience: none (expected: at least one)");
        }
    }
}
