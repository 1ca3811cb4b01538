// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.access.ServiceAccess;
import io.weft.policy.route.Destination;
import io.weft.policy.route.HeaderEdits;

/**
 * A destination of a rule, with what holds for requests that go there.
 *
 * @param slot the number of the destination within its table, from 0, the same for every rule that
 *     names the same destination, so that a proxy can keep its state in arrays
 * @param access the rules about its service
 * @param requestHeaders the edits of the rule and of the destination together
 * @param responseHeaders as {@code requestHeaders}, for what comes back
 * @param rewrite what becomes of the request's target
 */
public record CompiledDestination(
        Destination destination,
        int slot,
        ServiceAccess access,
        HeaderEdits requestHeaders,
        HeaderEdits responseHeaders,
        CompiledRewrite rewrite) {}
