// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {

    @TempDir Path directory;

    @Test
    void belongsToOneAtATime() throws IOException {
        Path path = directory.resolve("a/b");
        try (var _ = StateDirectory.open(path)) {
            assertThatThrownBy(() -> StateDirectory.open(path))
                    .isInstanceOf(UnusableStateException.class)
                    .hasMessageContaining("another control plane uses it");
        }
        try (var again = StateDirectory.open(path)) {
            assertThat(again.file("x")).hasToString(path.resolve("x").toString());
        }
    }

    @Test
    void cannotBeAFile() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> StateDirectory.open(file))
                .isInstanceOf(UnusableStateException.class)
                .hasMessageContaining(file.toString());
    }
}
