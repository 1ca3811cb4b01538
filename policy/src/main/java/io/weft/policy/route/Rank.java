// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

/**
 * What decides between matches that are equally specific; the better is less: the lower order, then
 * the earlier name of the route, then of the rule.
 */
public record Rank(int order, RouteName route, String rule) implements Comparable<Rank> {

    @Override
    public int compareTo(Rank other) {
        int result = Integer.compare(order, other.order);
        if (result == 0) {
            result = route.compareTo(other.route);
        }
        return result == 0 ? rule.compareTo(other.rule) : result;
    }

    @Override
    public String toString() {
        return route + "/" + rule;
    }
}
