// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.weft.dataplane.http.FieldEdits;
import io.weft.policy.match.CompiledDestination;
import io.weft.policy.match.CompiledRule;
import io.weft.policy.route.Action;
import io.weft.policy.route.Fault;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * On which terms a request is sent.
 *
 * @param requestNanos the limit of the whole request; 0 for none
 * @param attemptNanos the limit of one attempt; 0 for none
 * @param maxBody the most bytes that the request's body may have
 * @param fault that is made on purpose; null for none
 * @param copy whether nobody sees the answer
 * @param requestEdits of the request's header
 * @param responseEdits of the response's header, whoever asks
 * @param cors depends on who asks, and comes instead of {@code responseEdits}; null for nothing
 */
record Terms(
        long requestNanos,
        long attemptNanos,
        long maxBody,
        @Nullable Fault fault,
        boolean copy,
        FieldEdits requestEdits,
        FieldEdits responseEdits,
        @Nullable CorsEdits cors) {

    /** As it came, without limits. */
    static final Terms PLAIN =
            new Terms(
                    0,
                    0,
                    Action.Forward.NO_LIMIT,
                    null,
                    false,
                    FieldEdits.NONE,
                    FieldEdits.NONE,
                    null);

    static Terms of(CompiledRule rule, CompiledDestination to) {
        return new Terms(
                nanos(rule.timeouts().request()),
                nanos(rule.timeouts().attempt()),
                rule.maxBody(),
                rule.fault(),
                false,
                FieldEdits.of(to.requestHeaders()).without(to.access().identityHeaders()),
                FieldEdits.of(to.responseHeaders()),
                rule.cors() == null ? null : new CorsEdits(rule.cors(), to.responseHeaders()));
    }

    /**
     * Those of a copy: no trouble is made for it, and nobody waits for it.
     *
     * @param nanos the limit of the whole request
     */
    Terms ofCopy(long nanos) {
        return new Terms(
                nanos, 0, Action.Forward.NO_LIMIT, null, true, requestEdits, FieldEdits.NONE, null);
    }

    /** The same without header fields by which somebody might pretend to be a user. */
    Terms without(FieldEdits identityHeaders) {
        return new Terms(
                requestNanos,
                attemptNanos,
                maxBody,
                fault,
                copy,
                identityHeaders,
                responseEdits,
                cors);
    }

    private static long nanos(@Nullable Duration duration) {
        return duration == null ? 0 : duration.toNanos();
    }
}
