// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.logs;

import io.weft.cli.home.Distribution;
import io.weft.cli.process.LogTail;
import io.weft.cli.terminal.Terminal;
import io.weft.policy.problem.Suggestions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what a part has printed. */
@Command(
        name = "logs",
        header = "Print what a part has printed, and go on if asked to.",
        customSynopsis = {
            "weft logs                 the names there are",
            "       weft logs gateway",
            "       weft logs orders-v1 -f"
        })
public final class LogsCommand implements Callable<Integer> {

    private static final long LOOK_AGAIN_MILLIS = 200;

    private final Distribution distribution;
    private final Terminal terminal;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "A name that weft status shows.")
    private @Nullable String name;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until Ctrl-C.")
    private boolean follow;

    public LogsCommand(Distribution distribution, Terminal terminal) {
        this.distribution = distribution;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> names = distribution.state().logNames();
        if (name == null) {
            names.forEach(terminal.out()::println);
            return 0;
        }
        if (!names.contains(name)) {
            terminal.failed(unknown(name, names));
            return 2;
        }
        print(new LogTail(distribution.state().log(name), 0));
        return 0;
    }

    private void print(LogTail log) throws IOException, InterruptedException {
        byte[] news = log.read();
        while (follow || news.length > 0) {
            terminal.out().write(news, 0, news.length);
            terminal.out().flush();
            if (news.length == 0) {
                Thread.sleep(LOOK_AGAIN_MILLIS);
            }
            news = log.read();
        }
    }

    private static String unknown(String name, List<String> names) {
        if (names.isEmpty()) {
            return "there are no logs yet: weft up";
        }
        String meant = Suggestions.nearest(name, names);
        return "no log of %s (%s)"
                .formatted(
                        name,
                        meant == null
                                ? "expected: one of " + String.join(", ", names)
                                : "did you mean " + meant + "?");
    }
}
