// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.cli.process.Roster.Entry;
import io.weft.cli.process.Roster.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledSupervisorTest {

    @TempDir private Path directory;

    /** Has two children, one of which does not listen to SIGTERM, until it is killed. */
    public static final class Supervisor {

        private Supervisor() {}

        public static void main(String[] args) throws Exception {
            Path directory = Path.of(args[0]);
            Children children = new Children(new Roster(directory));
            children.spawn(
                    new Member("polite", 0, Optional.empty()),
                    new Command(
                            List.of("sleep", "600"), Map.of(), directory, directory.resolve("1")));
            children.spawn(
                    new Member("stubborn", 0, Optional.empty()),
                    new Command(
                            List.of("sh", "-c", "trap '' TERM; while :; do sleep 1; done"),
                            Map.of(),
                            directory,
                            directory.resolve("2")));
            System.out.println("up");
            TimeUnit.MINUTES.sleep(10);
        }
    }

    @Test
    void nothingOutlivesASupervisorThatIsKilled() throws Exception {
        Process supervisor = supervisor();
        List<Entry> left = new Roster(directory).entries();
        assertThat(left).hasSize(2).allMatch(entry -> entry.process().find().isPresent());

        supervisor.destroyForcibly().waitFor();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> left.stream().noneMatch(entry -> entry.process().find().isPresent()));
    }

    @Test
    void whatIsLeftOverIsFoundAndEnded() throws Exception {
        Process left = new ProcessBuilder("sleep", "600").start();
        Roster roster = new Roster(directory);
        roster.add(new Entry(member("left"), ProcessId.of(left.toHandle())));

        assertThat(roster.endAll()).containsExactly("left");

        assertThat(left.waitFor()).isEqualTo(128 + 15);
        assertThat(roster.entries()).isEmpty();
    }

    @Test
    void anotherProcessOfTheSameNumberIsLeftAlone() throws Exception {
        Process innocent = new ProcessBuilder("sleep", "600").start();
        Roster roster = new Roster(directory);
        roster.add(new Entry(member("gone"), new ProcessId(innocent.pid(), "1")));

        assertThat(roster.endAll()).isEmpty();

        assertThat(innocent.isAlive()).isTrue();
        innocent.destroyForcibly().waitFor();
    }

    @Test
    void filesThatAreNoEntriesAreOverlooked() throws IOException {
        Files.writeString(directory.resolve("half.pid"), "12");
        Files.writeString(directory.resolve("other"), "x");

        assertThat(new Roster(directory).entries()).isEmpty();
    }

    private Process supervisor() throws IOException {
        Process supervisor =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Supervisor.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertThat(supervisor.inputReader().readLine()).isEqualTo("up");
        return supervisor;
    }

    private static Member member(String name) {
        return new Member(name, 0, Optional.empty());
    }
}
