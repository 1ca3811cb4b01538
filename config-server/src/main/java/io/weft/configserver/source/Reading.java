// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import io.weft.policy.compile.PolicyText;
import io.weft.policy.problem.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of looking for documents. */
public sealed interface Reading {

    /**
     * @param texts every document; those of a backend that cannot be read now, as last seen
     * @param problems why a backend could not be read
     * @param settling whether a document was in the middle of a change and should be read again
     */
    record Documents(List<PolicyText> texts, List<Problem> problems, boolean settling)
            implements Reading {
        public Documents {
            texts = List.copyOf(texts);
            problems = List.copyOf(problems);
        }

        /** Whether another reading found the same. */
        public boolean isSameAs(@Nullable Documents other) {
            return other != null && texts.equals(other.texts) && problems.equals(other.problems);
        }
    }

    /** A backend cannot be read and never could: nothing is known about its documents. */
    record Unavailable(List<Problem> problems) implements Reading {
        public Unavailable {
            problems = List.copyOf(problems);
        }
    }
}
