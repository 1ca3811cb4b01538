// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

/**
 * The name of a route. Names that people write have no slash; the routes every service has by
 * itself are called {@code service/<name>}.
 */
public record RouteName(String text) implements Comparable<RouteName> {

    @Override
    public int compareTo(RouteName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
