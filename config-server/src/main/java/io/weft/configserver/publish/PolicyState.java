// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.publish;

import io.weft.policy.object.ObjectKey;
import io.weft.policy.problem.Problem;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is known about the policy at one moment.
 *
 * @param published what is in force; null until there was anything to publish
 * @param problems what is wrong with the documents as they are now
 * @param warnings what is in vain in them
 * @param kept objects in force in an earlier form than the documents'
 * @param ignored documents for profiles that are not active
 * @param held what waits to be confirmed
 */
public record PolicyState(
        @Nullable Publication published,
        List<Problem> problems,
        List<Problem> warnings,
        Set<ObjectKey> kept,
        List<String> ignored,
        @Nullable Held held) {

    static final PolicyState NONE =
            new PolicyState(null, List.of(), List.of(), Set.of(), List.of(), null);

    public PolicyState {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
        kept = Set.copyOf(kept);
        ignored = List.copyOf(ignored);
    }

    PolicyState with(List<Problem> found) {
        return new PolicyState(published, found, warnings, kept, ignored, held);
    }
}
