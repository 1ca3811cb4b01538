// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.authservice.AuthServiceApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class StartFailureTest {

    @TempDir Path directory;

    private void fail(String... arguments) {
        var all =
                new ArrayList<>(
                        List.of(
                                "--server.port=0",
                                "--management.server.port=0",
                                "--weft.auth.state-dir=" + directory.resolve("state")));
        all.addAll(List.of(arguments));
        assertThatThrownBy(
                        () ->
                                new SpringApplication(AuthServiceApplication.class)
                                        .run(all.toArray(String[]::new))
                                        .close())
                .isInstanceOf(Exception.class);
    }

    @Test
    void unknownSettingsNameTheRightOnes(CapturedOutput output) {
        fail("--weft.auth.trust-domian=shop.example");

        assertThat(output)
                .contains("weft.auth.trust-domian = shop.example")
                .contains("did you mean weft.auth.trust-domain?");
    }

    @Test
    void unusableStateDirectoryIsNamed(CapturedOutput output) throws IOException {
        Files.createFile(directory.resolve("state"));
        fail();

        assertThat(output)
                .contains(directory.resolve("state") + " cannot be used")
                .contains("--weft.auth.state-dir=DIRECTORY");
    }

    @Test
    void wrongSealKeyIsNotShown(CapturedOutput output) {
        fail("--weft.auth.seal-key=hunter2hunter2hunter2");

        assertThat(output).contains("weft.auth.seal-key is not usable").doesNotContain("hunter2");
    }
}
