// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.down;

import io.weft.cli.home.State;
import io.weft.cli.home.Up;
import io.weft.cli.process.Ending;
import io.weft.cli.terminal.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Ends a mesh from another process: asks its supervisor, which knows the order, and then looks for
 * what may be left, because a supervisor may have been killed.
 */
final class Shutdown {

    /** Longer than a supervisor takes, even if every stage has to be forced. */
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final State state;
    private final Terminal terminal;

    Shutdown(State state, Terminal terminal) {
        this.state = state;
        this.terminal = terminal;
    }

    /**
     * @return whether anything was running
     */
    boolean run() throws IOException {
        terminal.passing("stopping everything");
        List<String> joined = state.joined().endAll();
        Optional<ProcessHandle> supervisor = Up.find(state).flatMap(up -> up.supervisor().find());
        supervisor.ifPresent(process -> Ending.of(List.of(process), GRACE));
        List<String> leftOver = state.started().endAll();
        Up.over(state);
        return supervisor.isPresent() || !joined.isEmpty() || !leftOver.isEmpty();
    }
}
