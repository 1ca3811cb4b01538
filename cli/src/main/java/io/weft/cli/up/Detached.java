// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import io.weft.cli.home.Distribution;
import io.weft.cli.home.Up;
import io.weft.cli.process.Command;
import io.weft.cli.process.LogTail;
import io.weft.cli.process.ProcessId;
import io.weft.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Starts a supervisor that stays behind, and shows what it says until everything is ready. */
final class Detached {

    /** The part under whose name its log is found. */
    private static final String NAME = "weft";

    private final Distribution distribution;
    private final Terminal terminal;

    Detached(Distribution distribution, Terminal terminal) {
        this.distribution = distribution;
        this.terminal = terminal;
    }

    /** The mesh, unless the supervisor ended; it has said why then. */
    Optional<Up> start(List<String> options) throws IOException, InterruptedException {
        Path log = distribution.state().log(NAME);
        Process supervisor =
                new Command(words(options), Map.of(), distribution.root(), log).start();
        Thread giveUp = new Thread(supervisor::destroy);
        Runtime.getRuntime().addShutdownHook(giveUp);
        LogTail tail = new LogTail(log, 0);
        Optional<Up> up = Optional.empty();
        while (up.isEmpty() && !supervisor.waitFor(100, TimeUnit.MILLISECONDS)) {
            show(tail);
            up = ready(supervisor);
        }
        Runtime.getRuntime().removeShutdownHook(giveUp);
        show(tail);
        return up;
    }

    private Optional<Up> ready(Process supervisor) throws IOException {
        ProcessId id = ProcessId.of(supervisor.toHandle());
        return Up.find(distribution.state()).filter(up -> up.ready() && up.supervisor().equals(id));
    }

    private void show(LogTail tail) throws IOException {
        terminal.relay(new String(tail.read(), System.err.charset()));
    }

    /** This JVM's own command line, for a process that supervises and says no more than it must. */
    private static List<String> words(List<String> options) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
        // It writes into a log what in the end is for the terminal that we are in.
        words.add("-Dstderr.encoding=" + System.err.charset());
        words.add("-Dweft.home=" + System.getProperty("weft.home", ""));
        words.add("-Dweft.command=" + Distribution.command());
        words.addAll(List.of("-cp", System.getProperty("java.class.path")));
        words.addAll(List.of("io.weft.cli.Weft", "up", "--supervised"));
        words.addAll(options);
        return words;
    }
}
