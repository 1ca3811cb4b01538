// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.problem;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Problems as they are found. Beyond {@value #MOST_IN_ONE_FILE} in one file nobody reads them one
 * by one any more: the rest is only mentioned, so that a file gone wrong from top to bottom floods
 * neither memory nor logs, and hides no problem of another.
 */
public final class Problems {

    static final int MOST_IN_ONE_FILE = 1_000;

    private static final Comparator<Problem> ORDER =
            Comparator.comparingInt((Problem problem) -> problem.at().line())
                    .thenComparingInt(problem -> problem.at().column())
                    .thenComparing(Problem::path)
                    .thenComparing(Problem::message);

    private final SortedMap<String, OfFile> byFile = new TreeMap<>();

    public void add(Problem problem) {
        byFile.computeIfAbsent(problem.at().file(), _ -> new OfFile()).add(problem);
    }

    public void addAll(Collection<Problem> problems) {
        problems.forEach(this::add);
    }

    /** By file, line and column; the mention of what is left out comes last in its file. */
    public List<Problem> inOrder() {
        var all = new ArrayList<Problem>();
        byFile.values().forEach(file -> file.addTo(all));
        return all;
    }

    private static final class OfFile {
        private final List<Problem> found = new ArrayList<>();
        private @Nullable Problem leftOut;

        private void add(Problem problem) {
            if (found.size() < MOST_IN_ONE_FILE) {
                found.add(problem);
            } else if (leftOut == null) {
                leftOut =
                        new Problem(
                                Position.of(problem.at().file()),
                                "",
                                "",
                                "more problems than these",
                                "these mended first");
            }
        }

        private void addTo(List<Problem> all) {
            found.stream().sorted(ORDER).forEach(all::add);
            if (leftOut != null) {
                all.add(leftOut);
            }
        }
    }
}
