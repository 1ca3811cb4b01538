// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

/** A rule whose requests reach no service: the proxy answers. */
public sealed interface AnsweringRule extends MatchedRule
        permits CompiledRedirect, CompiledResponse {}
