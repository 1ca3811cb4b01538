// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.util.List;

/**
 * Rules for a set of hosts.
 *
 * @param hosts empty for any host
 * @param rules at least one, each with a name of its own; with filters only at the edge
 */
public record Route(RouteName name, Scope at, List<HostPattern> hosts, List<Rule> rules) {

    public Route {
        hosts = List.copyOf(hosts);
        rules = List.copyOf(rules);
        if (rules.isEmpty() || rules.stream().map(Rule::name).distinct().count() < rules.size()) {
            throw new IllegalArgumentException(
                    "route " + name + " (expected: at least one rule, and no name twice)");
        }
        if (at != Scope.EDGE && rules.stream().anyMatch(Route::isOfTheEdge)) {
            throw new IllegalArgumentException(
                    "route " + name + " (expected: networks and filters at the edge alone)");
        }
    }

    /** Between workloads every request comes from loopback, and no agent has filters. */
    private static boolean isOfTheEdge(Rule rule) {
        return !rule.filters().isEmpty()
                || rule.matches().stream().anyMatch(match -> !match.from().networks().isEmpty());
    }
}
