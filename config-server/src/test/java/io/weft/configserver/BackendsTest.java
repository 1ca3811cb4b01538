// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.configserver.fixture.RunningServer;
import io.weft.configserver.fixture.TestPolicies;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Backends other than the default. */
class BackendsTest {

    @TempDir Path directory;

    @Test
    void gitAndDirectoryMakeOnePolicy() throws Exception {
        Path origin = Files.createDirectories(directory.resolve("origin"));
        Path local = Files.createDirectories(directory.resolve("local"));
        Files.writeString(local.resolve("local.yml"), TestPolicies.services("local"));
        try (Git git = Git.init().setDirectory(origin.toFile()).setInitialBranch("main").call()) {
            commit(git, origin, TestPolicies.services("remote"));
            try (var server =
                    RunningServer.start(
                            directory.resolve("state"),
                            "--spring.profiles.active=composite",
                            "--spring.cloud.config.server.composite[0].type=git",
                            "--spring.cloud.config.server.composite[0].uri=" + origin,
                            "--spring.cloud.config.server.composite[0].basedir="
                                    + directory.resolve("clone"),
                            "--spring.cloud.config.server.composite[1].type=native",
                            "--spring.cloud.config.server.composite[1].search-locations=file:"
                                    + local)) {
                assertThat(services(server)).containsExactly("local", "remote");

                commit(git, origin, TestPolicies.services("remote", "newer"));
                server.post("/api/policy/refresh", "text/plain", "");
                assertThat(services(server)).containsExactly("local", "newer", "remote");
                assertThat(server.get("/config/remote/default/main").body())
                        .contains("weft.services.newer.protocol");
            }
        }
    }

    private static Iterable<String> services(RunningServer server) throws Exception {
        JsonNode policy = server.getJson("/api/policy");
        return policy.at("/objects/services").propertyNames();
    }

    private static void commit(Git git, Path origin, String text) throws Exception {
        Files.writeString(origin.resolve("remote.yml"), text);
        git.add().addFilepattern("remote.yml").call();
        git.commit()
                .setMessage("Change the policy")
                .setAuthor("somebody", "somebody@shop.example")
                .setSign(false)
                .call();
    }
}
