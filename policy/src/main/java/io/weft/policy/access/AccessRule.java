// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

/** Allows or denies some requests, from some places and of some users. */
public record AccessRule(
        String name, Mode mode, Targets to, Sources from, RequiredUser user, Effect effect) {

    public AccessRule {
        if (from.areAny() && user instanceof RequiredUser.Unasked) {
            throw new IllegalArgumentException("a rule needs from or user");
        }
    }
}
