// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

/** What a rule does to the requests it matches. */
public enum Effect {
    ALLOW,
    /** Beats every rule that allows. */
    DENY
}
