// SPDX-License-Identifier: Apache-2.0
package io.weft.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell script before the command, with JDKs whose java only tells what it was called with. */
class WeftScriptTest {

    @TempDir private Path directory;

    private Path home;
    private Path jdk;

    @BeforeEach
    void make() throws IOException {
        home = Files.createDirectories(directory.toRealPath().resolve("a clone"));
        Files.copy(Path.of("..", "weft"), home.resolve("weft"), StandardCopyOption.COPY_ATTRIBUTES);
        Path target = Files.createDirectories(home.resolve("cli").resolve("target"));
        Files.writeString(target.resolve("weft-cli-1.jar"), "command");
        Files.writeString(
                Files.createDirectories(target.resolve("lib")).resolve("a.jar"), "library");
        jdk = jdk("jdk-25", "25.0.3");
    }

    @Test
    void handsOverToAJdk25() throws Exception {
        String said = run(home, "./weft", Map.of("WEFT_JAVA_HOME", jdk.toString()));

        assertThat(said)
                .startsWith("jdk-25 ")
                .contains(" -Dweft.home=" + home + " ", " -Dweft.command=./weft ")
                .contains(" -Dweft.stderr.terminal=false ")
                .endsWith(" io.weft.cli.Weft up --lite\n");
    }

    @Test
    void worksFromAnywhereAndThroughLinks() throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("else where"));
        Files.createSymbolicLink(elsewhere.resolve("one"), Path.of("../a clone/weft"));
        Files.createSymbolicLink(elsewhere.resolve("two"), Path.of("one"));

        String said = run(elsewhere, "./two", Map.of("WEFT_JAVA_HOME", jdk.toString()));

        assertThat(said).contains(" -Dweft.home=" + home + " ");
    }

    @Test
    void overlooksAnotherJavaHome() throws Exception {
        Path old = jdk("jdk-17", "17.0.15");

        String said =
                run(
                        home,
                        "./weft",
                        Map.of(
                                "WEFT_JAVA_HOME",
                                "",
                                "JAVA_HOME",
                                old.toString(),
                                "PATH",
                                jdk.resolve("bin") + ":" + System.getenv("PATH")));

        assertThat(said).startsWith("jdk-25 ");
    }

    @Test
    void saysSoIfTheChosenOneIsNoJdk25() throws Exception {
        Path old = jdk("jdk-17", "17.0.15");

        String said = run(home, "./weft", Map.of("WEFT_JAVA_HOME", old.toString()), 1);

        assertThat(said).isEqualTo("weft: WEFT_JAVA_HOME=" + old + " is no JDK 25\n");
    }

    @Test
    void runsACopyThatABuildDoesNotTouch() throws Exception {
        run(home, "./weft", Map.of("WEFT_JAVA_HOME", jdk.toString()));
        Files.writeString(home.resolve("cli/target/weft-cli-1.jar"), "another command");
        run(home, "./weft", Map.of("WEFT_JAVA_HOME", jdk.toString()));

        assertThat(home.resolve(".weft/lib").toFile().list()).hasSize(2);
    }

    private Path jdk(String name, String version) throws IOException {
        Path root = directory.toRealPath().resolve(name);
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.writeString(root.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        for (String program : new String[] {"java", "javac"}) {
            Path file =
                    Files.writeString(
                            bin.resolve(program), "#!/bin/sh\necho \"" + name + " $*\"\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        return root;
    }

    private static String run(Path directory, String weft, Map<String, String> environment)
            throws Exception {
        return run(directory, weft, environment, 0);
    }

    private static String run(
            Path directory, String weft, Map<String, String> environment, int exitCode)
            throws Exception {
        ProcessBuilder script =
                new ProcessBuilder("sh", weft, "up", "--lite")
                        .directory(directory.toFile())
                        .redirectErrorStream(true);
        script.environment().putAll(environment);
        Process process = script.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(exitCode);
        return said;
    }
}
