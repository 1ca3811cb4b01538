// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.weft.configserver.publish.Changes;
import io.weft.configserver.publish.Held;
import io.weft.policy.object.ObjectKey;
import io.weft.policy.problem.Problem;
import io.weft.policy.snapshot.PolicyVersion;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shapes that several answers share. */
final class Views {

    private Views() {}

    /**
     * A version.
     *
     * @param text how people call it
     */
    record VersionView(String text, long epoch, long number, String hash) {
        static VersionView of(PolicyVersion version) {
            return new VersionView(
                    version.toString(), version.epoch(), version.number(), version.hash());
        }
    }

    /**
     * A problem.
     *
     * @param line 1-based; 0 when there is no place within the file
     */
    record ProblemView(
            String file,
            int line,
            int column,
            String path,
            String value,
            String message,
            String expected,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String suggestion) {

        static List<ProblemView> of(List<Problem> problems) {
            return problems.stream().map(ProblemView::of).toList();
        }

        private static ProblemView of(Problem problem) {
            return new ProblemView(
                    problem.at().file(),
                    problem.at().line(),
                    problem.at().column(),
                    problem.path(),
                    problem.value(),
                    problem.message(),
                    problem.expected(),
                    problem.suggestion());
        }
    }

    /** Names of objects, such as {@code routes/shop}. */
    record ChangesView(List<String> added, List<String> changed, List<String> removed) {
        static ChangesView of(Changes changes) {
            return new ChangesView(
                    names(changes.added()), names(changes.changed()), names(changes.removed()));
        }
    }

    /**
     * What waits.
     *
     * @param confirm what to POST to publish it
     */
    record HeldView(String hash, Instant since, ChangesView changes, String confirm) {

        static @Nullable HeldView of(@Nullable Held held) {
            return held == null
                    ? null
                    : new HeldView(
                            held.hash(),
                            held.since(),
                            ChangesView.of(held.changes()),
                            "/api/policy/publish?intended=" + held.hash());
        }
    }

    static List<String> names(Collection<ObjectKey> keys) {
        return keys.stream().sorted().map(ObjectKey::toString).toList();
    }
}
