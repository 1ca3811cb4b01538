// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.compile;

import io.weft.policy.object.ObjectKey;
import io.weft.policy.problem.Problem;
import java.util.List;
import java.util.Set;

/**
 * What became of a set of documents.
 *
 * @param problems everything that is wrong, in the order of files and lines
 * @param warnings what is not wrong but in vain, in the same order; it keeps nothing back
 * @param kept objects that stay in force in an earlier form
 * @param ignored files that are variants for profiles which are not active
 */
public record Compilation(
        Good good,
        List<Problem> problems,
        List<Problem> warnings,
        Set<ObjectKey> kept,
        List<String> ignored) {

    public Compilation {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
        kept = Set.copyOf(kept);
        ignored = List.copyOf(ignored);
    }

    public boolean isSound() {
        return problems.isEmpty();
    }
}
