// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.route.RouteName;

/** A rule that a request matches. */
public sealed interface MatchedRule extends RouteDecision permits CompiledRule, AnsweringRule {

    /** The number of the rule within its table, from 0. */
    int slot();

    RouteName route();

    String name();
}
