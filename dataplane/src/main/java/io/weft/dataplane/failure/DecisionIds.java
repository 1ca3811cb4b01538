// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.failure;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of decisions: the proxy's name, so that one knows whom to ask, and 64 bits that grow with
 * time.
 */
final class DecisionIds {

    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
    private static final int DIGITS = 13;

    /** Ids that one millisecond has room for. */
    private static final int SEQUENCE_BITS = 20;

    private final String proxy;
    private final Clock clock;
    private final AtomicLong last = new AtomicLong();

    DecisionIds(String proxy, Clock clock) {
        this.proxy = proxy;
        this.clock = clock;
    }

    /** For example {@code orders-7f3a-01JD8Z6Q4T0V2}. */
    String next() {
        long now = clock.millis() << SEQUENCE_BITS;
        long bits = last.updateAndGet(before -> Math.max(before + 1, now));
        char[] digits = new char[DIGITS];
        for (int i = DIGITS - 1; i >= 0; i--) {
            digits[i] = ALPHABET[(int) (bits & 31)];
            bits >>>= 5;
        }
        return proxy + "-" + new String(digits);
    }
}
