// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.weft.authservice.state.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class AuditLogTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path directory;
    private StateDirectory state;

    @BeforeEach
    void open() {
        state = StateDirectory.open(directory);
    }

    @AfterEach
    void close() throws IOException {
        state.close();
    }

    private AuditLog log() {
        return AuditLog.open(state, Clock.systemUTC());
    }

    private Path file(int number) {
        return directory.resolve("issued/%06d.log".formatted(number));
    }

    private static AuditEntry issued(Object serial) {
        return AuditEntry.of("issued").with("serial", serial);
    }

    private void write(int count) throws Exception {
        try (AuditLog log = log()) {
            for (int i = 0; i < count; i++) {
                log.append(issued(i));
            }
        }
    }

    @Test
    void goesOnAfterARestart() throws Exception {
        write(3);
        write(2);
        try (AuditLog log = log()) {
            assertThat(log.tail(2)).hasSize(2);
            assertThat(log.tail(100))
                    .hasSize(5)
                    .last()
                    .asString()
                    .matches("\\{\"at\":\"[-0-9T:.]+Z\",\"event\":\"issued\",\"serial\":\"1\"}");
        }
        assertThat(Files.readAllLines(file(1))).hasSize(6);
    }

    @Test
    void takesManyAtOnceInOneOrder() throws Exception {
        try (AuditLog log = log();
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                var entry = issued(i);
                all.add(callers.submit(() -> log.append(entry)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        try (AuditLog log = log()) {
            assertThat(log.tail(1_000)).hasSize(1_000);
        }
        assertThat(Files.readAllLines(file(1))).hasSize(2_001);
    }

    @Test
    void linesCutShortAreDropped() throws Exception {
        var said = new ListAppender<ILoggingEvent>();
        said.start();
        var logger = (Logger) LoggerFactory.getLogger(AuditLog.class);
        logger.addAppender(said);
        write(3);
        byte[] whole = Files.readAllBytes(file(1));
        int lastLine =
                new String(whole, StandardCharsets.UTF_8).stripTrailing().lastIndexOf('\n') + 1;
        for (int length = lastLine + 1; length < whole.length; length++) {
            Files.write(file(1), Arrays.copyOf(whole, length));
            try (AuditLog log = log()) {
                assertThat(log.tail(100)).hasSize(2);
            }
            assertThat(Files.size(file(1))).isEqualTo(lastLine);
        }
        logger.detachAppender(said);
        assertThat(said.list)
                .isNotEmpty()
                .allMatch(each -> each.getMessage().contains("never acknowledged are dropped"));
        write(1);
        try (AuditLog log = log()) {
            assertThat(log.tail(100)).hasSize(3);
        }
    }

    @Test
    void everyFlippedByteStopsTheStart() throws Exception {
        write(3);
        byte[] whole = Files.readAllBytes(file(1));
        for (int at = 0; at < whole.length - 1; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file(1), damaged);
            assertThatThrownBy(() -> log().close())
                    .as("byte " + at)
                    .isInstanceOf(DamagedAuditException.class)
                    .hasMessageContaining("000001.log, line ");
        }
        Files.write(file(1), whole);
        log().close();
    }

    @Test
    void removedAndMovedLinesStopTheStart() throws Exception {
        write(4);
        List<String> lines = Files.readAllLines(file(1));
        for (int[] order :
                new int[][] {{0, 2, 3, 4}, {0, 2, 1, 3, 4}, {1, 2, 3, 4}, {0, 1, 1, 2}}) {
            Files.write(file(1), IntStream.of(order).mapToObj(lines::get).toList());
            assertThatThrownBy(() -> log().close()).isInstanceOf(DamagedAuditException.class);
        }
    }

    @Test
    void oldFilesMayBeTakenAwayButNotFromBetween() throws Exception {
        try (AuditLog log = AuditLog.open(state, Clock.systemUTC(), 300)) {
            for (int i = 0; i < 12; i++) {
                log.append(issued(i));
            }
        }
        assertThat(file(4)).exists();
        log().close();
        Files.delete(file(1));
        log().close();
        Files.delete(file(3));
        assertThatThrownBy(() -> log().close())
                .isInstanceOf(DamagedAuditException.class)
                .hasMessageContaining("000004.log, line 1");
    }

    @Test
    void crashWhileAFileIsBegunIsSurvived() throws Exception {
        write(2);
        Files.writeString(file(2), "", StandardOpenOption.CREATE_NEW);
        write(1);
        try (AuditLog log = log()) {
            assertThat(log.tail(100)).hasSize(3);
        }
    }

    @Test
    void killedWriterLosesNothingAcknowledged() throws Exception {
        state.close();
        for (int round = 0; round < 3; round++) {
            int enough = 200 + 37 * round;
            Path said = directory.resolve("said");
            Process process = process(said, "unlimited");
            await().atMost(PATIENCE).until(() -> Files.readAllLines(said).size() > enough);
            process.destroyForcibly().waitFor();
            try (var after = StateDirectory.open(directory);
                    AuditLog log = AuditLog.open(after, Clock.systemUTC())) {
                assertThat(log.failure()).isNull();
            }
            String all = Files.readString(file(1));
            assertThat(Files.readAllLines(said).stream().filter(line -> line.matches("<\\d+>")))
                    .isNotEmpty()
                    .allMatch(line -> all.contains(line.replaceAll("[<>]", "\"")));
            Files.delete(file(1));
        }
        state = StateDirectory.open(directory);
    }

    /** The limit of a file's size is what the process has for a full disk. */
    @Test
    void fullDiskRefusesAndRoomIsUsedAgain() throws Exception {
        state.close();
        Path said = directory.resolve("said");
        Process process = process(said, "16");
        await().atMost(PATIENCE).until(() -> Files.readString(said).contains("refused"));
        List<String> before = Files.readAllLines(file(1));
        run("prlimit", "--pid", String.valueOf(process.pid()), "--fsize=unlimited:");
        await().atMost(PATIENCE)
                .until(() -> Files.readAllLines(file(1)).size() > before.size() + 10);
        process.destroyForcibly().waitFor();

        state = StateDirectory.open(directory);
        log().close();
        assertThat(Files.readString(file(1))).startsWith(String.join("\n", before));
        assertThat(Files.readAllLines(said)).contains("refused");
    }

    /** Runs with at most so many blocks to a file, as a soft limit. */
    private Process process(Path said, String blocks) throws IOException {
        Files.writeString(said, "");
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -S -f " + blocks + " && exec \"$@\"",
                        "sh",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AuditingProcess.class.getName(),
                        directory.toString(),
                        said.toString())
                .inheritIO()
                .start();
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void refusesAfterItsEnd() throws Exception {
        AuditLog log = log();
        log.close();

        assertThatThrownBy(() -> log.append(issued(1)))
                .isInstanceOf(AuditUnavailableException.class);
    }
}
