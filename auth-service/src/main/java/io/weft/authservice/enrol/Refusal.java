// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a caller gets no certificate. */
public final class Refusal extends RuntimeException {

    /** What kind of refusal, with the status of HTTP that says so. */
    public enum Kind {
        BAD_REQUEST(400),
        NOT_ATTESTED(401),
        FORBIDDEN(403),
        TOO_MANY(429),
        UNAVAILABLE(503);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    private final Kind kind;
    private final @Nullable Duration retryAfter;

    private Refusal(Kind kind, String why, @Nullable Duration retryAfter) {
        super(why, null, false, false);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    public static Refusal badRequest(String why) {
        return new Refusal(Kind.BAD_REQUEST, why, null);
    }

    public static Refusal notAttested(String why) {
        return new Refusal(Kind.NOT_ATTESTED, why, null);
    }

    public static Refusal forbidden(String why) {
        return new Refusal(Kind.FORBIDDEN, why, null);
    }

    static Refusal tooMany(Duration retryAfter) {
        return new Refusal(Kind.TOO_MANY, "too many certificates for this workload", retryAfter);
    }

    public static Refusal unavailable(String why) {
        return new Refusal(Kind.UNAVAILABLE, why, Duration.ofSeconds(1));
    }

    public Kind kind() {
        return kind;
    }

    /** When to ask again, if that helps. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
