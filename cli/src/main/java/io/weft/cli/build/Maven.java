// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.build;

import io.weft.cli.home.Distribution;
import io.weft.cli.process.Children;
import io.weft.cli.process.Command;
import io.weft.cli.process.LogTail;
import io.weft.cli.process.Roster.Member;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs Maven as a child, on the JDK that runs us, with its output in a log. */
final class Maven {

    private static final int RANK = 0;
    private static final String COMPLAINT = "[ERROR]";

    private final Distribution distribution;
    private final Children children;

    Maven(Distribution distribution, Children children) {
        this.distribution = distribution;
        this.children = children;
    }

    /**
     * Returns when Maven has succeeded.
     *
     * @param name of the run, and so of its log
     * @param lines sees what Maven prints, soon after it has
     */
    void run(String name, List<String> arguments, Consumer<String> lines)
            throws BuildFailed, InterruptedException {
        Path log = distribution.state().log(name);
        List<String> words = new ArrayList<>(List.of(distribution.maven(), "-B", "-ntp"));
        words.addAll(arguments);
        Map<String, String> environment = Map.of("JAVA_HOME", System.getProperty("java.home"));
        Command command = new Command(words, environment, distribution.root(), log);
        try {
            Process maven = children.spawn(new Member(name, RANK, Optional.empty()), command);
            LogTail tail = new LogTail(log, 0);
            while (!maven.waitFor(200, TimeUnit.MILLISECONDS)) {
                new String(tail.read(), StandardCharsets.UTF_8).lines().forEach(lines);
            }
            if (children.closed()) {
                throw new CancellationException("stopping");
            }
            if (maven.exitValue() != 0) {
                throw new BuildFailed(complaint(log, maven.exitValue()), log);
            }
        } catch (IOException e) {
            throw new BuildFailed(String.valueOf(e.getMessage()), log);
        }
    }

    private static String complaint(Path log, int exitCode) throws IOException {
        return Files.readString(log)
                .lines()
                .filter(line -> line.startsWith(COMPLAINT))
                .map(line -> line.substring(COMPLAINT.length()).strip())
                .filter(line -> !line.isEmpty() && !line.startsWith("COMPILATION ERROR"))
                .findFirst()
                .orElse("exit code " + exitCode);
    }
}
