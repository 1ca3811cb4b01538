// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import io.weft.cli.build.Build;
import io.weft.cli.build.BuildFailed;
import io.weft.cli.build.Installation;
import io.weft.cli.build.ZipkinJar;
import io.weft.cli.home.Distribution;
import io.weft.cli.home.State;
import io.weft.cli.mesh.Programs;
import io.weft.cli.process.Children;
import io.weft.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What has to be there before a process can start: jars, and a policy to edit. */
final class Preparation {

    private final Distribution distribution;
    private final State state;
    private final Children children;
    private final Terminal terminal;

    Preparation(Distribution distribution, Children children, Terminal terminal) {
        this.distribution = distribution;
        this.state = distribution.state();
        this.children = children;
        this.terminal = terminal;
    }

    /** Builds the jars that are missing or older than their sources. */
    void jars() throws IOException, BuildFailed, InterruptedException {
        Build build = new Build(distribution, children);
        List<String> due = build.due(Programs.modules());
        if (!due.isEmpty()) {
            build(build, due);
        }
        new Installation(distribution).refresh(Programs.modules());
    }

    private void build(Build build, List<String> due) throws BuildFailed, InterruptedException {
        long begin = System.nanoTime();
        terminal.say(
                "  building " + String.join(", ", due) + "; the first time takes some minutes");
        build.run(due, module -> terminal.passing("building " + module));
        terminal.done("build", due.size() + " modules", since(begin));
    }

    /** Copies the shop's policy, unless there is one already. */
    void policy() throws IOException {
        if (Files.exists(state.policy())) {
            return;
        }
        Files.createDirectories(state.policy());
        try (Stream<Path> files = Files.list(distribution.policy())) {
            for (Path file : files.toList()) {
                Files.copy(file, state.policy().resolve(file.getFileName()));
            }
        }
    }

    /** Zipkin's jar. It is no part of the mesh: if it cannot be had, everything goes on without. */
    Optional<Path> zipkin() throws InterruptedException {
        terminal.passing("looking for Zipkin");
        try {
            return Optional.of(new ZipkinJar(distribution, children).fetch());
        } catch (BuildFailed e) {
            terminal.warned("Zipkin", "left out: " + e.line());
            return Optional.empty();
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
