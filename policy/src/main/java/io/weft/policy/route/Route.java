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
        if (at != Scope.EDGE && rules.stream().anyMatch(each -> !each.filters().isEmpty())) {
            throw new IllegalArgumentException(
                    "route " + name + " at " + at + " (expected: filters at the edge only)");
        }
    }
}
