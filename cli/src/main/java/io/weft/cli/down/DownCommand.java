// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.down;

import io.weft.cli.home.Distribution;
import io.weft.cli.terminal.Terminal;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Ends everything that {@code weft up} and {@code weft run} have started. */
@Command(name = "down", header = "Stop everything that weft has started on this machine.")
public final class DownCommand implements Callable<Integer> {

    private final Distribution distribution;
    private final Terminal terminal;

    public DownCommand(Distribution distribution, Terminal terminal) {
        this.distribution = distribution;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        boolean any = new Shutdown(distribution.state(), terminal).run();
        terminal.say(any ? "Everything is stopped." : "Nothing is running.");
        return 0;
    }
}
