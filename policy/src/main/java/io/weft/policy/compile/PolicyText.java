// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import org.jspecify.annotations.Nullable;

/**
 * A document as its owner wrote it.
 *
 * @param file its path within the policy's root, with {@code /} between directories
 * @param unreadable why the text could not be had; such a document keeps what it declared before
 */
public record PolicyText(String file, String text, @Nullable String unreadable) {

    public PolicyText(String file, String text) {
        this(file, text, null);
    }

    /** A document that is there and cannot be read. */
    public static PolicyText unreadable(String file, String why) {
        return new PolicyText(file, "", why);
    }
}
