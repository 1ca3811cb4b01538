// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

/** Whether a rule decides. */
public enum Mode {
    ENFORCE,
    /** The rule only tells what it would have decided. */
    SHADOW,
    DISABLED
}
