// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCachesTest {

    @TempDir private Path directory;

    private AotCaches caches;
    private JavaProgram program;

    @BeforeEach
    void makeOne() throws IOException {
        caches = new AotCaches(directory.resolve("aot"));
        Path jar = Files.writeString(directory.resolve("shop.jar"), "classes");
        Files.createDirectories(directory.resolve("lib"));
        Files.writeString(directory.resolve("lib").resolve("a.jar"), "library");
        program = new JavaProgram("shop", jar, List.of("-Xmx64m"));
        keep(program);
    }

    @Test
    void isUsedOnceItIsThere() throws IOException {
        assertThat(caches.use(program)).singleElement().asString().startsWith("-XX:AOTCache=");
    }

    @Test
    void isNotUsedForOtherJarsOrOptions() throws IOException {
        JavaProgram other = new JavaProgram("shop", program.jar(), List.of("-Xmx65m"));
        assertThat(caches.has(other)).isFalse();

        Path library = directory.resolve("lib").resolve("a.jar");
        Files.setLastModifiedTime(library, FileTime.fromMillis(1));
        assertThat(caches.has(program)).isFalse();
        assertThat(caches.use(program)).isEmpty();
    }

    @Test
    void takesThePlaceOfOlderOnes() throws IOException {
        Files.writeString(program.jar(), "other classes");
        keep(program);

        assertThat(directory.resolve("aot")).isDirectoryContaining("glob:**.aot");
        assertThat(directory.resolve("aot").toFile().list()).hasSize(1);
        assertThat(caches.has(program)).isTrue();
    }

    @Test
    void namesVariablesAsSpringReadsThem() {
        assertThat(
                        JavaProgram.environment(
                                Map.of("weft.control-plane.feed.port", "8889", "server.port", "1")))
                .containsOnly(
                        Map.entry("WEFT_CONTROLPLANE_FEED_PORT", "8889"),
                        Map.entry("SERVER_PORT", "1"));
    }

    private void keep(JavaProgram program) throws IOException {
        String output = caches.make(program).getFirst();
        Files.writeString(Path.of(output.substring(output.indexOf('=') + 1)), "cache");
        caches.keep(program);
    }
}
