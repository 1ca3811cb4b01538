// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.down;

import io.weft.cli.home.Distribution;
import io.weft.cli.home.State;
import io.weft.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends everything and forgets it: the next start is a first one. */
@Command(name = "reset", header = "Stop everything and remove what it has left in .weft.")
public final class ResetCommand implements Callable<Integer> {

    private final Distribution distribution;
    private final Terminal terminal;

    @Option(names = "--force", description = "Also if the policy in .weft/policy was edited.")
    private boolean force;

    public ResetCommand(Distribution distribution, Terminal terminal) {
        this.distribution = distribution;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        State state = distribution.state();
        if (!force && edited()) {
            terminal.failed(
                    "%s was edited; weft reset --force removes it too"
                            .formatted(Distribution.shown(state.policy())));
            return 1;
        }
        new Shutdown(state, terminal).run();
        remove(state.directory());
        terminal.say("Removed " + Distribution.shown(state.directory()) + ".");
        return 0;
    }

    private boolean edited() throws IOException {
        Path policy = distribution.state().policy();
        return Files.isDirectory(policy)
                && !contents(policy).equals(contents(distribution.policy()));
    }

    private static List<String> contents(Path directory) throws IOException {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                contents.add(file.getFileName() + "\n" + Files.readString(file));
            }
        }
        return contents;
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
