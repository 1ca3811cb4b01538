// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * From when to when a certificate holds, in whole seconds, which is all that X.509 can say. It
 * begins a minute early, so that clocks may differ by as much.
 */
record Validity(Instant notBefore, Instant notAfter) {

    static final Duration SKEW = Duration.ofSeconds(60);

    Validity {
        if (!notBefore.isBefore(notAfter)) {
            throw new IllegalArgumentException(
                    "validity: " + notBefore + " to " + notAfter + " (expected: in that order)");
        }
    }

    static Validity of(Instant now, Duration life) {
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        return new Validity(second.minus(SKEW), second.plus(life));
    }

    /** The same, but never beyond. */
    Validity within(Instant limit) {
        return notAfter.isAfter(limit) ? new Validity(notBefore, limit) : this;
    }
}
