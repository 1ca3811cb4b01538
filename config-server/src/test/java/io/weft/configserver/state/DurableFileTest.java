// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {

    @TempDir Path directory;

    @Test
    void hasNoLinesBeforeTheFirstWrite() throws IOException {
        assertThat(new DurableFile(directory.resolve("file")).read()).isEmpty();
    }

    @Test
    void isReplacedAsAWhole() throws IOException {
        var file = new DurableFile(directory.resolve("file"));
        file.write(List.of("one", "two"));
        file.write(List.of("drei ü"));

        assertThat(file.read()).containsExactly("drei ü");
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void ignoresWhatACrashLeftOfAWrite() throws IOException {
        var file = new DurableFile(directory.resolve("file"));
        file.write(List.of("whole"));
        Files.writeString(directory.resolve("file.new"), "ha");

        assertThat(file.read()).containsExactly("whole");
        file.write(List.of("next"));
        assertThat(file.read()).containsExactly("next");
    }

    @Test
    void isSetAsideForPeopleToSee() throws IOException {
        var file = new DurableFile(directory.resolve("file"));
        file.write(List.of("damaged"));

        assertThat(file.setAside()).hasContent("damaged");
        assertThat(file.read()).isEmpty();
    }
}
