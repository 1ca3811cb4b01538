// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.util.List;

/**
 * Rules for a set of hosts.
 *
 * @param hosts empty for any host
 */
public record Route(RouteName name, Scope at, List<HostPattern> hosts, List<Rule> rules) {

    public Route {
        hosts = List.copyOf(hosts);
        rules = List.copyOf(rules);
    }
}
