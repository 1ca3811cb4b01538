// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import org.jspecify.annotations.Nullable;

/**
 * What one rule makes of a request.
 *
 * @param unmet the first thing that the rule asks for and the request lacks; null when the rule
 *     applies
 */
public record RuleReading(AccessRule rule, @Nullable Criterion unmet) {

    public boolean applies() {
        return unmet == null;
    }
}
