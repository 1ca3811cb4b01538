// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.route.Action;
import io.weft.policy.route.RouteName;

/** A rule that answers requests at once. */
public record CompiledResponse(int slot, RouteName route, String name, Action.Respond response)
        implements AnsweringRule {

    @Override
    public String toString() {
        return route + "/" + name;
    }
}
