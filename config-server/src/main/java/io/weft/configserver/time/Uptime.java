// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.time;

import java.time.Duration;

/**
 * The time during which this process really ran. A process that was stopped, swapped out or
 * suspended with its machine must not find on waking that everybody else has been silent.
 */
public final class Uptime {

    /** How often {@link #beat} is to be called. */
    public static final Duration BEAT = Duration.ofMillis(250);

    /** A beat later than this was a gap, and counts for no more. */
    private static final long LONGEST_STEP = BEAT.multipliedBy(4).toNanos();

    private final Ticker ticker;
    private long last;
    private volatile long total;

    public Uptime(Ticker ticker) {
        this.ticker = ticker;
        this.last = ticker.nanos();
    }

    /** Takes note that time has passed. */
    public synchronized void beat() {
        long now = ticker.nanos();
        total += Math.min(now - last, LONGEST_STEP);
        last = now;
    }

    /** Nanoseconds since the start as of the last beat. */
    public long nanos() {
        return total;
    }
}
