// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import java.util.Arrays;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What may become of a hostile request; at least one of both.
 *
 * @param forwarded whether it may reach the upstream, in canonical form
 * @param own the answers that the proxy may give itself
 */
record Expectation(boolean forwarded, Optional<OwnAnswer> own) {

    Expectation {
        if (!forwarded && own.isEmpty()) {
            throw new IllegalArgumentException("an expectation that nothing meets");
        }
    }

    /** Reads {@code forwarded}, {@code refused 400 501}, {@code forwarded or late 408}. */
    static Expectation parse(String words) {
        boolean forwarded = words.startsWith("forwarded");
        String own = words.replaceFirst("^forwarded( or )?", "");
        return new Expectation(forwarded, own.isEmpty() ? Optional.empty() : Optional.of(own(own)));
    }

    private static OwnAnswer own(String words) {
        String[] parts = words.split(" ", -1);
        TreeSet<Integer> statuses = new TreeSet<>();
        Arrays.stream(parts).skip(1).map(Integer::valueOf).forEach(statuses::add);
        if (statuses.isEmpty()) {
            statuses.add(400);
        }
        return new OwnAnswer(OwnAnswer.Manner.of(parts[0]), statuses);
    }

    /** Whether a part of the request may have reached the upstream although it was refused. */
    boolean mayReachUpstreamInPart() {
        return own.filter(answer -> answer.manner() == OwnAnswer.Manner.LATE).isPresent();
    }

    @Override
    public String toString() {
        String words = own.map(OwnAnswer::toString).orElse("");
        return !forwarded ? words : words.isEmpty() ? "forwarded" : "forwarded or " + words;
    }
}
