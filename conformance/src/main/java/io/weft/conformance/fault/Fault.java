// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.fault;

import java.time.Duration;

/** What is wrong between a client and its upstream. */
public sealed interface Fault {

    /** Nothing. */
    record None() implements Fault {}

    /** Every byte arrives this much later, in each direction. */
    record Latency(Duration eachWay) implements Fault {}

    /** No direction of a connection carries more than this. */
    record Bandwidth(long bytesPerSecond) implements Fault {

        public Bandwidth {
            if (bytesPerSecond < 1) {
                throw new IllegalArgumentException(
                        "bandwidth: " + bytesPerSecond + " (expected: at least 1 byte/s)");
            }
        }
    }

    /**
     * Connections are accepted and nothing moves, on old ones either, until the fault is over; then
     * all of them go on.
     */
    record BlackHole() implements Fault {}

    /** New connections are refused; old ones go on. */
    record Refuse() implements Fault {}

    /** Every connection is reset, old ones at once and new ones when they are accepted. */
    record Reset() implements Fault {}

    /**
     * The peer vanished: connections take what is sent and answer nothing, not even an end, and
     * never recover.
     */
    record HalfOpen() implements Fault {}

    /** A connection is closed once this many bytes went to the client. */
    record CloseAfter(long bytes) implements Fault {}

    /**
     * A connection that has answered is closed exactly when the next bytes of its client arrive,
     * and those bytes are lost.
     */
    record CloseOnReuse() implements Fault {}

    /**
     * Reads the words of the command line: {@code none}, {@code latency 100ms}, {@code bandwidth
     * 100000}, {@code black-hole}, {@code refuse}, {@code reset}, {@code half-open}, {@code
     * close-after 1000}, {@code close-on-reuse}.
     *
     * @throws IllegalArgumentException for other words
     */
    static Fault parse(String words) {
        String[] parts = words.strip().split("\\s+", 2);
        String argument = parts.length > 1 ? parts[1] : "";
        return switch (parts[0]) {
            case "none" -> new None();
            case "latency" -> new Latency(milliseconds(argument));
            case "bandwidth" -> new Bandwidth(Long.parseLong(argument));
            case "black-hole" -> new BlackHole();
            case "refuse" -> new Refuse();
            case "reset" -> new Reset();
            case "half-open" -> new HalfOpen();
            case "close-after" -> new CloseAfter(Long.parseLong(argument));
            case "close-on-reuse" -> new CloseOnReuse();
            default ->
                    throw new IllegalArgumentException(
                            "fault: "
                                    + words
                                    + " (expected: none, latency 100ms, bandwidth BYTES/S, black-hole,"
                                    + " refuse, reset, half-open, close-after BYTES or"
                                    + " close-on-reuse)");
        };
    }

    private static Duration milliseconds(String text) {
        String digits = text.endsWith("ms") ? text.substring(0, text.length() - 2) : text;
        return Duration.ofMillis(Long.parseLong(digits));
    }
}
