// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.route.Action;
import io.weft.policy.route.RouteName;

/**
 * A rule that sends clients elsewhere, ready to be applied.
 *
 * @param path what becomes of the path
 */
public record CompiledRedirect(
        int slot, RouteName route, String name, Action.Redirect redirect, PathRewrite path)
        implements AnsweringRule {

    @Override
    public String toString() {
        return route + "/" + name;
    }
}
