// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.publish;

import io.weft.policy.compile.Good;
import io.weft.policy.object.PolicyObjects;
import java.time.Instant;

/**
 * A policy that removes so much that it is more likely an accident, such as a half-copied
 * directory, than somebody's intention. It waits until it is confirmed or the objects come back.
 *
 * @param hash of its content, by which it is confirmed
 */
public record Held(Good good, String hash, Changes changes, Instant since) {

    /** Fewer removals than this are never held back. */
    static final int AT_LEAST = 10;

    /** Nor is this part of all objects, as its divisor. */
    static final int A_FIFTH = 5;

    static boolean isNeeded(PolicyObjects before, Changes changes) {
        int removed = changes.removed().size();
        return removed >= AT_LEAST && removed * A_FIFTH > before.byKey().size();
    }
}
