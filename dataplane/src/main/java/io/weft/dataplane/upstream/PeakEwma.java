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

    private double average;
    private long observedAt;

    void observe(long nanos, long now) {
        if (nanos > average) {
            average = nanos;
        } else {
            double weight = Math.exp(-(now - observedAt) / DECAY_NANOS);
            average = average * weight + nanos * (1 - weight);
        }
        observedAt = now;
    }

    /** Nanoseconds; an endpoint without observations costs nothing, so that it gets some. */
    double average() {
        return average;
    }
}
