// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.read;

import io.weft.policy.document.Node;
import io.weft.policy.document.Node.Entry;
import io.weft.policy.problem.Position;
import io.weft.policy.problem.Problem;
import java.util.List;

/** Finds where the matches of a rule stand, so that one of them can be pointed at. */
public final class MatchPlaces {

    private MatchPlaces() {}

    /** Where a match stands. */
    public record Place(Position at, String path) {}

    /**
     * One place for each match of a rule that was read, in their order. Where a rule does not say
     * what it matches, that is the rule itself.
     *
     * @param path of the rule
     */
    public static List<Place> in(Entry rule, String path) {
        Node match = rule.value().get("match");
        if (match == null) {
            return List.of(new Place(rule.key().at(), path));
        }
        String matchPath = path + ".match";
        if (!RouteReader.isAlternatives(match)) {
            return List.of(new Place(match.at(), matchPath));
        }
        return match.entries().stream()
                .map(
                        each ->
                                new Place(
                                        each.key().at(),
                                        Problem.pathUnder(matchPath, each.key().text())))
                .toList();
    }
}
