// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.build;

import io.weft.cli.home.Distribution;
import io.weft.cli.process.Children;
import io.weft.cli.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** Zipkin's server, which Maven fetches as it fetches everything else. */
public final class ZipkinJar {

    /**
     * Its smaller build: in half the time up, and without the storages that a demo does not use.
     */
    private static final String CLASSIFIER = "slim";

    private final Distribution distribution;
    private final Maven maven;

    public ZipkinJar(Distribution distribution, Children children) {
        this.distribution = distribution;
        this.maven = new Maven(distribution, children);
    }

    /** The jar with its libraries beside it, fetched and unpacked if it was not yet. */
    public Path fetch() throws BuildFailed, InterruptedException {
        String name = "zipkin-server-" + Distribution.zipkinVersion() + "-" + CLASSIFIER;
        Path cache = distribution.state().cache();
        Path unpacked = cache.resolve(name);
        Path jar = unpacked.resolve(name + ".jar");
        if (!Files.exists(jar)) {
            copy(cache);
            unpack(cache.resolve(name + ".jar"), unpacked);
        }
        return jar;
    }

    private void copy(Path directory) throws BuildFailed, InterruptedException {
        String artifact =
                "io.zipkin:zipkin-server:%s:jar:%s"
                        .formatted(Distribution.zipkinVersion(), CLASSIFIER);
        maven.run(
                "zipkin-fetch",
                List.of(
                        "-N",
                        "dependency:copy",
                        "-Dartifact=" + artifact,
                        "-DoutputDirectory=" + directory),
                line -> {});
    }

    /** Only a class path of plain jars can have an AOT cache. */
    private void unpack(Path jar, Path directory) throws BuildFailed, InterruptedException {
        Path log = distribution.state().log("zipkin-fetch");
        Path draft = directory.resolveSibling("zipkin-draft");
        List<String> words =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djarmode=tools",
                        "-jar",
                        jar.toString(),
                        "extract",
                        "--force",
                        "--destination",
                        draft.toString());
        try {
            int exitCode = new Command(words, Map.of(), draft, log).start().waitFor();
            if (exitCode != 0) {
                throw new BuildFailed("unpacking ended with exit code " + exitCode, log);
            }
            Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(jar);
        } catch (IOException e) {
            throw new BuildFailed(String.valueOf(e.getMessage()), log);
        }
    }
}
