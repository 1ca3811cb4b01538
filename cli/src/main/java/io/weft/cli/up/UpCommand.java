// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import io.weft.cli.build.BuildFailed;
import io.weft.cli.home.Distribution;
import io.weft.cli.home.Lock;
import io.weft.cli.home.Up;
import io.weft.cli.supervise.PartFailed;
import io.weft.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts everything on this machine and keeps it until it is told to stop. */
@Command(
        name = "up",
        header = "Start everything on this machine: mesh, demo shop and traffic.",
        customSynopsis = {
            "weft up                     until Ctrl-C",
            "       weft up --detach            until weft down",
            "       weft up --exit-when-ready   to see that everything starts"
        })
public final class UpCommand implements Callable<Integer> {

    private final Distribution distribution;
    private final Terminal terminal;

    @Option(
            names = {"-d", "--detach"},
            description = "Return when everything is ready; it stays until weft down.")
    private boolean detach;

    @Option(
            names = "--exit-when-ready",
            description = "Stop everything again as soon as it is ready.")
    private boolean exitWhenReady;

    @Option(names = "--lite", description = "Leave Zipkin out.")
    private boolean lite;

    /** How {@code --detach} starts the one that stays. */
    @Option(names = "--supervised", hidden = true)
    private boolean supervised;

    public UpCommand(Distribution distribution, Terminal terminal) {
        this.distribution = distribution;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<Up> running = Up.find(distribution.state());
        if (running.isPresent()) {
            return already(running.get());
        }
        return detach ? stayBehind() : hold();
    }

    private int already(Up up) {
        long pid = up.supervisor().pid();
        if (!up.ready()) {
            terminal.failed("another weft up is starting here (process %d)".formatted(pid));
            return 1;
        }
        terminal.say("weft is up already (process %d).\n".formatted(pid));
        summarize(up);
        return 0;
    }

    private int stayBehind() throws IOException, InterruptedException {
        List<String> options = lite ? List.of("--lite") : List.of();
        Optional<Up> up = new Detached(distribution, terminal).start(options);
        up.ifPresent(this::summarize);
        return up.isPresent() ? 0 : 1;
    }

    private int hold() throws IOException, InterruptedException {
        Optional<Lock> lock = Lock.take(distribution.state());
        if (lock.isEmpty()) {
            terminal.failed("another weft up is starting or stopping here");
            return 1;
        }
        try (Session session = new Session(distribution, terminal)) {
            Runtime.getRuntime().addShutdownHook(new Thread(session::close));
            return run(session);
        } finally {
            lock.get().close();
        }
    }

    private int run(Session session) throws IOException, InterruptedException {
        try {
            Up up = session.start(lite);
            if (!exitWhenReady) {
                if (!supervised) {
                    summarize(up);
                }
                session.watch();
            }
            return 0;
        } catch (CancellationException stopping) {
            return 0;
        } catch (PartFailed e) {
            failed(e.line() + "; everything else is being stopped", e.lastWords(), e.log());
        } catch (BuildFailed e) {
            failed("the build failed: " + e.line(), List.of(), e.log());
        } catch (EdgeSilent e) {
            terminal.failed(e.line());
        }
        return 1;
    }

    private void failed(String what, List<String> lastWords, Path log) {
        terminal.failed(what);
        lastWords.forEach(line -> terminal.say("    " + line));
        terminal.say("  log: " + Distribution.shown(log));
    }

    private void summarize(Up up) {
        terminal.out().print(new Summary(distribution, up));
        terminal.out().flush();
    }
}
