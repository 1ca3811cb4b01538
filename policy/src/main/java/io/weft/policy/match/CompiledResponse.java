// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.route.Action;
import io.weft.policy.route.RouteName;
import java.nio.charset.StandardCharsets;

/**
 * A rule that answers requests at once.
 *
 * @param body of the answer, as it is sent
 */
public record CompiledResponse(
        int slot, RouteName route, String name, Action.Respond response, byte[] body)
        implements AnsweringRule {

    CompiledResponse(int slot, RouteName route, String name, Action.Respond response) {
        this(slot, route, name, response, response.body().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return route + "/" + name;
    }
}
