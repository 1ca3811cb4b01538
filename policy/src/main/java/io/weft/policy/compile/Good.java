// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.object.ObjectKey;
import io.weft.policy.object.PolicyObjects;
import java.util.Map;
import java.util.Set;

/**
 * What a compilation leaves in force, and what the next one falls back to.
 *
 * @param documents for each object the file of the document that declares it, variants aside
 * @param standIns rules that refuse the targets of a broken denial; never a form to fall back to
 */
public record Good(
        PolicyObjects objects, Map<ObjectKey, String> documents, Set<ObjectKey> standIns) {

    /** Before the first compilation. */
    public static final Good NONE = new Good(PolicyObjects.EMPTY, Map.of(), Set.of());

    public Good {
        documents = Map.copyOf(documents);
        standIns = Set.copyOf(standIns);
    }
}
