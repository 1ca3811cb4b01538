// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weft.cli.home.Distribution;
import io.weft.cli.process.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildTest {

    @TempDir private Path directory;

    private Distribution distribution;
    private Children children;
    private Build build;

    @BeforeEach
    void open() throws IOException {
        distribution = new Distribution(directory);
        children = new Children(distribution.state().started());
        build = new Build(distribution, children);
        write("policy/pom.xml", "<artifactId>weft-policy</artifactId>");
        write("policy/src/main/java/A.java", "");
        write("gateway/pom.xml", "<artifactId>weft-policy</artifactId>");
        write("demo/pom.xml", "<artifactId>weft-demo</artifactId>");
    }

    @AfterEach
    void shut() {
        children.close();
    }

    @Test
    void buildsWhatIsMissing() throws IOException {
        built("demo");

        assertThat(build.due(List.of("gateway", "demo"))).containsExactly("gateway");
    }

    @Test
    void buildsWhatIsOlderThanTheSourcesItIsMadeOf() throws IOException {
        built("gateway");
        built("demo");
        assertThat(build.due(List.of("gateway", "demo"))).isEmpty();

        later(directory.resolve("policy/src/main/java/A.java"), 2);

        assertThat(build.due(List.of("gateway", "demo"))).containsExactly("gateway");
    }

    @Test
    void tellsWhatIsBeingBuilt() throws Exception {
        maven(
                """
                echo '[INFO] Building Weft Gateway 0.1.0-SNAPSHOT                [2/3]'
                mkdir -p gateway/target && touch %s
                sleep 0.5
                """
                        .formatted(distribution.jar("gateway")));
        List<String> told = new ArrayList<>();

        build.run(List.of("gateway"), told::add);

        assertThat(told).containsExactly("Weft Gateway (2/3)");
        assertThat(build.due(List.of("gateway"))).isEmpty();
    }

    @Test
    void tellsWhatMavenComplainedOfFirst() throws IOException {
        maven(
                """
                echo '[INFO] fine so far'
                echo '[ERROR] Router.java:[3,1] class expected'
                echo '[ERROR] and more'
                exit 1
                """);

        BuildFailed failed =
                catchThrowableOfType(
                        BuildFailed.class, () -> build.run(List.of("gateway"), told -> {}));

        assertThat(failed.line()).isEqualTo("Router.java:[3,1] class expected");
        assertThat(failed.log()).content().contains("and more");
    }

    @Test
    void runsCopiesThatALaterBuildDoesNotTouch() throws IOException {
        Path jar = distribution.jar("demo");
        write(directory.relativize(jar).toString(), "one");
        write("demo/target/lib/a.jar", "a");
        Installation installation = new Installation(distribution);
        installation.refresh(List.of("demo"));
        Path copy = distribution.state().jar("demo");
        Files.writeString(jar, "another");
        Files.delete(jar.resolveSibling("lib").resolve("a.jar"));
        assertThat(copy).hasContent("one");
        assertThat(copy.resolveSibling("lib").resolve("a.jar")).hasContent("a");

        installation.refresh(List.of("demo"));

        assertThat(copy).hasContent("another");
        assertThat(copy.resolveSibling("lib").resolve("a.jar")).doesNotExist();
        assertThat(Files.getLastModifiedTime(copy)).isEqualTo(Files.getLastModifiedTime(jar));
    }

    private void maven(String script) throws IOException {
        Path wrapper = write("mvnw", "#!/bin/sh\n" + script);
        assertThat(wrapper.toFile().setExecutable(true)).isTrue();
    }

    private void built(String module) throws IOException {
        later(write(directory.relativize(distribution.jar(module)).toString(), ""), 1);
    }

    private Path write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private static void later(Path file, int minutes) throws IOException {
        Instant time = Instant.now().plus(Duration.ofMinutes(minutes));
        Files.setLastModifiedTime(file, FileTime.from(time));
    }
}
