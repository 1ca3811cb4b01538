// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.util.List;
import java.util.stream.Stream;

/**
 * What happens to requests that match one of several alternatives.
 *
 * @param order decides between matches that are equally specific, lowest first
 */
public record Rule(String name, int order, List<Match> matches, Action action) {

    /** Rules that say nothing about their order come after those that do. */
    public static final int NO_ORDER = Integer.MAX_VALUE;

    public Rule {
        matches = List.copyOf(matches);
        if (matches.isEmpty()) {
            throw new IllegalArgumentException("rule " + name + " (expected: a match)");
        }
        if (action.pathChanges().stream().anyMatch(PathChange.Prefix.class::isInstance)
                && !haveOnePrefix(matches)) {
            throw new IllegalArgumentException(
                    "rule " + name + " (expected: one prefix, which is to be replaced)");
        }
    }

    /** Whether it is the same prefix by which each of them is found. */
    public static boolean haveOnePrefix(List<Match> matches) {
        PathMatch first = matches.getFirst().path();
        return first instanceof PathMatch.Prefix
                && matches.stream().allMatch(each -> each.path().equals(first));
    }

    /** What only a gateway can run. */
    public List<FilterUse> filters() {
        return switch (action) {
            case Action.Forward forward -> forward.filters();
            case Action.Redirect _, Action.Respond _ -> List.of();
        };
    }

    /** Where requests and their copies go; empty when they go nowhere. */
    public List<Destination> destinations() {
        return switch (action) {
            case Action.Forward forward ->
                    Stream.concat(
                                    forward.to().stream().map(WeightedDestination::destination),
                                    forward.mirrors().stream().map(Mirror::to))
                            .toList();
            case Action.Redirect _, Action.Respond _ -> List.of();
        };
    }
}
