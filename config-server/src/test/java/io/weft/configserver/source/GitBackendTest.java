// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.ObservationRegistry;
import io.weft.configserver.time.Ticker;
import io.weft.policy.compile.PolicyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.cloud.config.server.environment.JGitEnvironmentProperties;
import org.springframework.cloud.config.server.environment.JGitEnvironmentRepository;
import org.springframework.core.env.StandardEnvironment;

class GitBackendTest {

    @TempDir Path origin;
    @TempDir Path clones;
    private Git git;

    @BeforeEach
    void init() throws Exception {
        git = Git.init().setDirectory(origin.toFile()).setInitialBranch("main").call();
        commit("shop.yml", "first");
    }

    @AfterEach
    void close() {
        git.close();
    }

    private void commit(String name, String text) throws IOException, GitAPIException {
        Path file = origin.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        git.add().addFilepattern(name).call();
        git.commit()
                .setMessage("Change " + name)
                .setAuthor("somebody", "somebody@shop.example")
                .setSign(false)
                .call();
    }

    private JGitEnvironmentRepository repository(String... searchPaths) throws Exception {
        var properties = new JGitEnvironmentProperties();
        properties.setUri(origin.toString());
        properties.setBasedir(clones.resolve("clone").toFile());
        properties.setSearchPaths(searchPaths);
        var repository =
                new JGitEnvironmentRepository(
                        new StandardEnvironment(), properties, ObservationRegistry.NOOP);
        repository.afterPropertiesSet();
        return repository;
    }

    private static PolicySource source(
            JGitEnvironmentRepository repository, @Nullable String label) {
        var settings =
                new PolicySettings(
                        List.of("**/*.yml"), List.of(), label, Duration.ZERO, Duration.ZERO);
        return new PolicySource(List.of(repository), settings, Ticker.SYSTEM);
    }

    private static List<PolicyText> read(PolicySource source) {
        return source.read(true) instanceof Reading.Documents documents
                ? documents.texts()
                : List.of();
    }

    @Test
    void readsTheCommit() throws Exception {
        commit("team/orders.yml", "orders");
        commit(".hidden/x.yml", "hidden");

        assertThat(read(source(repository(), null)))
                .containsExactlyInAnyOrder(
                        new PolicyText("shop.yml", "first"),
                        new PolicyText("team/orders.yml", "orders"));
    }

    @Test
    void followsTheBranch() throws Exception {
        var source = source(repository(), null);
        read(source);
        commit("shop.yml", "second");
        assertThat(source.read(false))
                .isInstanceOfSatisfying(
                        Reading.Documents.class,
                        documents ->
                                assertThat(documents.texts())
                                        .containsExactly(new PolicyText("shop.yml", "first")));

        assertThat(read(source)).containsExactly(new PolicyText("shop.yml", "second"));
    }

    @Test
    void readsItsLabelWhateverIsCheckedOut() throws Exception {
        git.branchCreate().setName("next").call();
        git.checkout().setName("next").call();
        commit("shop.yml", "next");
        git.checkout().setName("main").call();
        var repository = repository();
        var next = source(repository, "next");
        var main = source(repository, "main");

        for (int i = 0; i < 3; i++) {
            assertThat(read(next)).containsExactly(new PolicyText("shop.yml", "next"));
            repository.findOne("client", "default", i % 2 == 0 ? "main" : "next", false);
            assertThat(read(main)).containsExactly(new PolicyText("shop.yml", "first"));
        }
    }

    @Test
    void keepsWhatItHasWhileTheOriginIsAway() throws Exception {
        var source = source(repository(), "main");
        read(source);
        Files.move(origin.resolve(".git"), origin.resolve("moved"));

        assertThat(read(source)).containsExactly(new PolicyText("shop.yml", "first"));
    }

    @Test
    void unknownLabelIsUnavailable() throws Exception {
        assertThat(source(repository(), "no-such").read(true))
                .isInstanceOfSatisfying(
                        Reading.Unavailable.class,
                        unavailable ->
                                assertThat(unavailable.problems().toString()).contains("no-such"));
    }
}
