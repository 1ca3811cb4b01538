// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Trouble that is made on purpose, once an instance is chosen and before it is asked: to everything
 * before, deadlines and attempts included, it looks like trouble of the instance.
 *
 * @param delay null for none
 * @param abort null for none; what is delayed may be aborted, too
 * @param until when it ends by itself, so that nobody has to remember it
 */
public record Fault(@Nullable Delay delay, @Nullable Abort abort, Instant until) {

    public static final int LEAST_STATUS = 400;
    public static final int MOST_STATUS = 599;

    public Fault {
        if (delay == null && abort == null) {
            throw new IllegalArgumentException("fault (expected: delay, abort or both)");
        }
    }

    /** Requests wait. */
    public record Delay(Share share, Duration duration) {}

    /**
     * Requests are answered instead of sent.
     *
     * @param status 400 to 599
     */
    public record Abort(Share share, int status) {
        public Abort {
            if (status < LEAST_STATUS || status > MOST_STATUS) {
                throw new IllegalArgumentException(
                        "status: %d (expected: %d-%d)"
                                .formatted(status, LEAST_STATUS, MOST_STATUS));
            }
        }
    }
}
