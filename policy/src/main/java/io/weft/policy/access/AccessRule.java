// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import io.weft.policy.condition.Condition;
import io.weft.policy.request.Sources;
import org.jspecify.annotations.Nullable;

/**
 * Allows or denies some requests, from some places and of some users.
 *
 * @param when what must hold besides; null for nothing
 */
public record AccessRule(
        String name,
        Mode mode,
        Targets to,
        Sources from,
        RequiredUser user,
        @Nullable Condition when,
        Effect effect) {

    public AccessRule {
        if (from.areAny() && user instanceof RequiredUser.Unasked) {
            throw new IllegalArgumentException("a rule needs from or user");
        }
        if (when != null && when.asksUser() && !user.isKnown()) {
            throw new IllegalArgumentException(
                    "a condition about the user needs a token or an API key");
        }
    }
}
