// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import io.weft.cli.supervise.Part;
import io.weft.cli.supervise.Progress;
import io.weft.cli.terminal.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells how a start is going: a line when all parts of a milestone are ready. */
final class Milestones implements Progress {

    private static final int NAMED = 3;

    private final Terminal terminal;
    private final List<Milestone> milestones = new ArrayList<>();

    private static final class Milestone {
        private final String what;
        private final String detail;
        private final Set<String> open;
        private Duration longest = Duration.ZERO;

        Milestone(String what, String detail, Collection<String> parts) {
            this.what = what;
            this.detail = detail;
            this.open = new HashSet<>(parts);
        }
    }

    Milestones(Terminal terminal) {
        this.terminal = terminal;
    }

    /** What is told when these parts are ready. */
    Milestones add(String what, String detail, Collection<String> parts) {
        milestones.add(new Milestone(what, detail, parts));
        return this;
    }

    @Override
    public void ready(Part part, Duration took) {
        for (Milestone milestone : milestones) {
            if (milestone.open.remove(part.name())) {
                milestone.longest =
                        took.compareTo(milestone.longest) > 0 ? took : milestone.longest;
                if (milestone.open.isEmpty()) {
                    terminal.done(milestone.what, milestone.detail, milestone.longest);
                }
            }
        }
    }

    @Override
    public void waiting(Collection<Part> parts) {
        String named =
                parts.stream().limit(NAMED).map(Part::name).collect(Collectors.joining(", "));
        int more = parts.size() - NAMED;
        terminal.passing("waiting for " + named + (more > 0 ? " and " + more + " more" : ""));
    }
}
