// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import java.util.Optional;

/**
 * What a client saw of one attempt.
 *
 * @param status 0 if there was no answer
 * @param forwarded whether the answer came from the upstream
 * @param ended whether the connection ended after it; if not, the next request on it was answered
 * @param trouble what was wrong in any case
 */
record Verdict(int status, boolean forwarded, boolean ended, Optional<String> trouble) {

    static Verdict trouble(String what) {
        return new Verdict(0, false, false, Optional.of(what));
    }

    /** Why this is not what was expected; empty if it is. */
    Optional<String> objection(Expectation expected) {
        if (trouble.isPresent()) {
            return trouble;
        }
        if (forwarded) {
            return expected.forwarded() ? Optional.empty() : Optional.of("it was forwarded");
        }
        if (expected.own().isEmpty()) {
            return Optional.of("it was not forwarded");
        }
        OwnAnswer own = expected.own().get();
        if (!own.statuses().contains(status)) {
            return Optional.of("the status");
        }
        return own.manner().endsConnection() && !ended
                ? Optional.of("the connection goes on")
                : Optional.empty();
    }

    /** Whether the proxy refused the request. */
    boolean refused() {
        return !forwarded && status >= 400;
    }

    @Override
    public String toString() {
        return (forwarded ? "forwarded, " : "")
                + status
                + (ended ? ", connection ended" : "")
                + trouble.map(what -> ", " + what).orElse("");
    }
}
