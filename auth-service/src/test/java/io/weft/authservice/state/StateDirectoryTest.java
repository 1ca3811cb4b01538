// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {

    @TempDir Path directory;

    @Test
    void isReadByItsUserAlone() throws IOException {
        Path path = directory.resolve("a/b");
        try (StateDirectory state = StateDirectory.open(path)) {
            PrivateFile file = state.file("secret");
            file.write(new byte[] {1, 2});
            file.write(new byte[] {3});

            assertThat(mode(path)).isEqualTo("rwx------");
            assertThat(mode(file.path())).isEqualTo("rw-------");
            assertThat(file.read()).containsExactly(3);
            assertThat(state.file("other").read()).isNull();
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void isHeldByOneAtATime() throws IOException {
        StateDirectory.open(directory).close();
        try (var _ = StateDirectory.open(directory)) {
            assertThatThrownBy(() -> StateDirectory.open(directory))
                    .isInstanceOf(UnusableStateException.class)
                    .hasMessageContaining("another auth service uses it");
        }
    }
}
