// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.util.List;

/**
 * What happens to requests that match one of several alternatives.
 *
 * @param order decides between matches that are equally specific, lowest first
 * @param to at least one destination, with at least one weight above 0
 */
public record Rule(
        String name,
        int order,
        List<Match> matches,
        HeaderEdits requestHeaders,
        HeaderEdits responseHeaders,
        List<WeightedDestination> to,
        Timeouts timeouts) {

    /** Rules that say nothing about their order come after those that do. */
    public static final int NO_ORDER = Integer.MAX_VALUE;

    public Rule {
        matches = List.copyOf(matches);
        to = List.copyOf(to);
        if (matches.isEmpty() || to.stream().noneMatch(each -> each.weight() > 0)) {
            throw new IllegalArgumentException(
                    "rule " + name + " (expected: a match, and a destination of positive weight)");
        }
    }
}
