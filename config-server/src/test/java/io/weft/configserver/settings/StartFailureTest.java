// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.configserver.fixture.RunningServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class StartFailureTest {

    @TempDir Path directory;
    private String policy = "";

    @BeforeEach
    void createPolicy() throws IOException {
        Path path = Files.createDirectory(directory.resolve("policy"));
        policy = "--spring.cloud.config.server.native.search-locations=file:" + path;
    }

    private void fail(String... arguments) {
        assertThatThrownBy(() -> RunningServer.start(directory.resolve("state"), arguments).close())
                .isInstanceOf(Exception.class);
    }

    @Test
    void missingDirectorySaysWhatToSet(CapturedOutput output) {
        Path missing = directory.resolve("missing");
        fail("--spring.cloud.config.server.native.search-locations=file:" + missing);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("There is no directory " + missing)
                .contains("--spring.cloud.config.server.native.search-locations=file:DIRECTORY");
    }

    @Test
    void unknownSettingsNameTheRightOnes(CapturedOutput output) {
        fail(
                policy,
                "--weft.control-plane.feeed.port=1",
                "--weft.control-plane.policy.profile=prod");

        assertThat(output)
                .contains("weft.control-plane.feeed.port = 1")
                .contains("did you mean weft.control-plane.feed.port?")
                .contains("did you mean weft.control-plane.policy.profiles?");
    }

    @Test
    void busyFeedPortIsNamed(CapturedOutput output) throws IOException {
        try (var busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fail(policy, "--weft.control-plane.feed.port=" + busy.getLocalPort());

            assertThat(output)
                    .contains("The feed cannot listen on 127.0.0.1:" + busy.getLocalPort())
                    .contains("--weft.control-plane.feed.port");
        }
    }

    @Test
    void unusableStateDirectoryIsNamed(CapturedOutput output) throws IOException {
        Files.createFile(directory.resolve("state"));
        fail(policy);

        assertThat(output)
                .contains("state directory " + directory.resolve("state") + " cannot be used")
                .contains("--weft.control-plane.state-dir=DIRECTORY");
    }
}
