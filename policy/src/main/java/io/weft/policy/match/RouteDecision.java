// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

/** What the route table says about a request. */
public sealed interface RouteDecision permits MatchedRule, RouteDecision.Unmatched {

    /** Why there is no rule. */
    enum Unmatched implements RouteDecision {
        /** No route names the request's host. */
        UNKNOWN_HOST,
        /** The host is known, and no rule of its routes matches. */
        NO_MATCH
    }
}
