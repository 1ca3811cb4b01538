// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.upstream;

/**
 * The latency of an endpoint as an exponentially weighted moving average that jumps up to every
 * peak and sinks slowly (Finagle's peak EWMA): an endpoint that has just been slow is avoided at
 * once.
 */
final class PeakEwma {

    /** After this time an observation has lost two thirds of its weight. */
    private static final double DECAY_NANOS = 10e9;

    /** Within this time next to nothing is forgotten. */
    private static final long RECENT_NANOS = 100_000_000L;

    private double average;
    private long observedAt;

    void observe(long nanos, long now) {
        if (nanos > average) {
            average = nanos;
        } else {
            double weight = Math.exp(-(now - observedAt) / DECAY_NANOS);
            average = Math.max(1, average * weight + nanos * (1 - weight));
        }
        observedAt = now;
    }

    /** Whether anything has been observed. */
    boolean isKnown() {
        return average > 0;
    }

    /** Nanoseconds, as of the last observation. */
    double average() {
        return average;
    }

    /** Nanoseconds, with what has been forgotten since the last observation. */
    double average(long now) {
        long age = now - observedAt;
        return age < RECENT_NANOS ? average : average * Math.exp(-age / DECAY_NANOS);
    }
}
