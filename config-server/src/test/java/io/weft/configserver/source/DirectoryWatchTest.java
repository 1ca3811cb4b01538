// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryWatchTest {

    @TempDir Path directory;
    private final AtomicInteger changes = new AtomicInteger();
    private DirectoryWatch watch;

    @BeforeEach
    void start() throws IOException {
        watch = new DirectoryWatch(changes::incrementAndGet);
        watch.watch(Set.of(directory));
    }

    @AfterEach
    void stop() throws IOException {
        watch.close();
    }

    @Test
    void manyEventsAreOneChange() throws IOException {
        for (int i = 0; i < 200; i++) {
            Files.writeString(directory.resolve("f" + i % 3), "x" + i);
        }

        await().until(() -> changes.get() > 0);
        assertThat(changes).hasValueLessThan(20);
    }

    @Test
    void noticesWritesRenamesAndDeletions() throws IOException {
        Path file = Files.writeString(directory.resolve("a.yml"), "1");
        awaitChange();
        Files.writeString(file, "2");
        awaitChange();
        Files.move(file, directory.resolve("b.yml"), StandardCopyOption.ATOMIC_MOVE);
        awaitChange();
        Files.delete(directory.resolve("b.yml"));
        awaitChange();
    }

    private void awaitChange() {
        await().until(() -> changes.getAndSet(0) > 0);
    }

    @Test
    void saysWhetherADirectoryIsNew() throws IOException {
        Path team = Files.createDirectory(directory.resolve("team"));
        assertThat(watch.watch(Set.of(directory, team))).isTrue();
        assertThat(watch.watch(Set.of(directory, team))).isFalse();
        awaitChange();

        Files.writeString(team.resolve("a.yml"), "1");
        awaitChange();
    }

    @Test
    void watchesWhatTookAPlaceUnderTheSameName() throws IOException {
        Path team = Files.createDirectory(directory.resolve("team"));
        watch.watch(Set.of(team));
        Files.move(team, directory.resolve("old"));
        Files.createDirectory(team);
        assertThat(watch.watch(Set.of(team))).isTrue();

        Files.writeString(team.resolve("a.yml"), "1");
        awaitChange();
    }

    @Test
    void leavesOutWhatCannotBeWatched() {
        assertThat(watch.watch(Set.of(directory.resolve("missing")))).isFalse();
    }
}
