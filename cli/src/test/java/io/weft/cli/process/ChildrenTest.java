// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.cli.process.Roster.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildrenTest {

    @TempDir private Path directory;

    private Roster roster;

    @BeforeEach
    void setUp() {
        roster = new Roster(directory.resolve("run"));
    }

    @Test
    void endsHigherRanksBeforeLowerOnes() throws Exception {
        Path ended = directory.resolve("ended");
        try (Children children = new Children(roster)) {
            for (int rank = 0; rank < 3; rank++) {
                String name = "rank" + rank;
                Path up = directory.resolve(name);
                children.spawn(
                        member(name, rank),
                        sh(
                                "trap 'echo "
                                        + name
                                        + " >> "
                                        + ended
                                        + "; exit' TERM; touch "
                                        + up
                                        + "; while :; do sleep 0.1; done"));
                await().until(() -> Files.exists(up));
            }
        }

        assertThat(Files.readAllLines(ended)).containsExactly("rank2", "rank1", "rank0");
    }

    @Test
    void startsNothingOnceItIsClosed() throws IOException {
        Children children = new Children(roster);
        children.close();

        assertThatThrownBy(() -> children.spawn(member("late", 0), sh("sleep 600")))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void isListedForAsLongAsItRuns() throws Exception {
        try (Children children = new Children(roster)) {
            Process process = children.spawn(member("a", 7), sh("exec sleep 600"));

            assertThat(roster.entries())
                    .singleElement()
                    .satisfies(
                            entry -> {
                                assertThat(entry.name()).isEqualTo("a");
                                assertThat(entry.process().find()).hasValue(process.toHandle());
                            });
            process.destroyForcibly();
            await().untilAsserted(() -> assertThat(roster.entries()).isEmpty());
        }
    }

    @Test
    void ignoresCtrlCAndTheClosingOfAWindow() throws Exception {
        try (Children children = new Children(roster)) {
            Process process = children.spawn(member("a", 0), sh("exec sleep 600"));
            await().until(() -> process.info().commandLine().orElse("").contains("sleep"));

            kill("-INT", process.pid());
            kill("-HUP", process.pid());
            kill("-TERM", process.pid());

            assertThat(process.waitFor()).isEqualTo(128 + 15);
        }
    }

    @Test
    void hidesSettingsOfOtherSpringApplications() throws Exception {
        Path log = directory.resolve("env.log");
        Command print = new Command(List.of("env"), Map.of("SERVER_PORT", "1"), directory, log);

        assertThat(print.start().waitFor()).isZero();

        assertThat(Files.readAllLines(log))
                .contains("SERVER_PORT=1")
                .noneMatch(line -> line.startsWith("SPRING_"));
    }

    private Command sh(String script) {
        return new Command(
                List.of("sh", "-c", script), Map.of(), directory, directory.resolve("log"));
    }

    private static Member member(String name, int rank) {
        return new Member(name, rank, Optional.empty());
    }

    private static void kill(String signal, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, String.valueOf(pid)).start().waitFor())
                .isZero();
    }
}
