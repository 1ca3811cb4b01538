// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * How long the sender of a request waits for the answer, as it says itself. What is left travels in
 * three fields, since clocks agree on one machine alone:
 *
 * <ul>
 *   <li>{@code x-weft-remaining-ms}, from proxy to proxy: milliseconds from the moment in which the
 *       request is there;
 *   <li>{@code x-weft-deadline}, between an application and the proxy beside it: milliseconds since
 *       1970. An application hands it on with the calls that it makes for a request;
 *   <li>{@code grpc-timeout}, from whoever speaks gRPC ("gRPC over HTTP2", Requests).
 * </ul>
 */
public final class Waiting {

    private static final byte[] REMAINING = ascii("x-weft-remaining-ms");
    private static final byte[] DEADLINE = ascii("x-weft-deadline");
    private static final byte[] GRPC_TIMEOUT = ascii("grpc-timeout: ");
    private static final byte[] SHADOW_LINE = ascii("x-weft-shadow: true\r\n");
    private static final byte[] MILLISECONDS = ascii("m\r\n");

    /** Whoever waits longer has not said for how long. */
    private static final long MAX_MILLIS = TimeUnit.DAYS.toMillis(7);

    /** gRPC's values have so many digits at most. */
    private static final int GRPC_DIGITS = 8;

    private static final long MAX_GRPC_MILLIS = 99_999_999;
    private static final int DIGITS = 15;
    private static final long UNSAID = -1;

    private long remainingMillis;
    private long deadlineMillis;
    private long grpcNanos;
    private boolean shadow;

    Waiting() {
        reset();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void reset() {
        remainingMillis = UNSAID;
        deadlineMillis = UNSAID;
        grpcNanos = UNSAID;
        shadow = false;
    }

    void read(MessageHead head, FieldKind kind, int field) {
        int start = head.valueStart(field);
        int end = head.valueEnd(field);
        switch (kind) {
            case REMAINING -> remainingMillis = number(head.bytes(), start, end, DIGITS);
            case DEADLINE -> deadlineMillis = number(head.bytes(), start, end, DIGITS);
            case GRPC_TIMEOUT -> grpcNanos = grpc(head.bytes(), start, end);
            case SHADOW -> shadow = true;
            default -> {}
        }
    }

    /** A number in digits, or {@link #UNSAID}. */
    private static long number(byte[] bytes, int start, int end, int digits) {
        if (start == end || end - start > digits) {
            return UNSAID;
        }
        long number = 0;
        for (int i = start; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return UNSAID;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static long grpc(byte[] bytes, int start, int end) {
        long number = start == end ? UNSAID : number(bytes, start, end - 1, GRPC_DIGITS);
        if (number == UNSAID) {
            return UNSAID;
        }
        return switch (bytes[end - 1]) {
            case 'H' -> TimeUnit.HOURS.toNanos(number);
            case 'M' -> TimeUnit.MINUTES.toNanos(number);
            case 'S' -> TimeUnit.SECONDS.toNanos(number);
            case 'm' -> TimeUnit.MILLISECONDS.toNanos(number);
            case 'u' -> TimeUnit.MICROSECONDS.toNanos(number);
            case 'n' -> number;
            default -> UNSAID;
        };
    }

    /**
     * When the sender no longer waits, in {@link System#nanoTime()}; 0 when it has not said.
     *
     * @param startedAt when the request was there
     */
    public long due(Sender sender, long startedAt) {
        long millis =
                switch (sender) {
                    case STRANGER -> UNSAID;
                    case PROXY -> remainingMillis;
                    case APPLICATION ->
                            deadlineMillis == UNSAID
                                    ? UNSAID
                                    : Math.max(0, deadlineMillis - System.currentTimeMillis());
                };
        long nanos =
                millis == UNSAID || millis > MAX_MILLIS
                        ? Long.MAX_VALUE
                        : TimeUnit.MILLISECONDS.toNanos(millis);
        if (grpcNanos != UNSAID) {
            nanos = Math.min(nanos, grpcNanos);
        }
        if (nanos > TimeUnit.MILLISECONDS.toNanos(MAX_MILLIS)) {
            return 0;
        }
        long due = startedAt + nanos;
        return due == 0 ? 1 : due;
    }

    /** Whether the request is a copy whose answer nobody sees. */
    public boolean isShadow(Sender sender) {
        return shadow && sender != Sender.STRANGER;
    }

    /** Tells the next proxy how long it is waited for. */
    public static void tellProxy(HeadWriter writer, long nanos) {
        writer.field(REMAINING, millis(nanos));
    }

    /** Tells the application beside this proxy until when it is waited for. */
    public static void tellApplication(HeadWriter writer, long nanos) {
        writer.field(DEADLINE, System.currentTimeMillis() + millis(nanos));
    }

    /** Tells a gRPC service how long it is waited for, if the client has told. */
    public void tellGrpc(HeadWriter writer, long nanos) {
        if (grpcNanos != UNSAID) {
            writer.lines(GRPC_TIMEOUT)
                    .number(Math.min(millis(nanos), MAX_GRPC_MILLIS))
                    .lines(MILLISECONDS);
        }
    }

    /** Marks a copy. */
    public static void tellShadow(HeadWriter writer) {
        writer.lines(SHADOW_LINE);
    }

    /** Rounded up, so that those who wait less give up first. */
    private static long millis(long nanos) {
        return Math.max(0, (nanos + 999_999) / 1_000_000);
    }
}
