// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

/** What becomes of a path (Gateway API, {@code HTTPPathModifier}); a query stays as it is. */
public sealed interface PathChange {

    /** Absolute, and in normal form. */
    String path();

    /** All of it is replaced. */
    record Full(String path) implements PathChange {}

    /**
     * The prefix by which the rule was found is replaced. The rule has no other kind of path, and
     * one prefix alone.
     *
     * @param path without a slash at the end, except for the root, which takes the prefix away
     */
    record Prefix(String path) implements PathChange {}
}
