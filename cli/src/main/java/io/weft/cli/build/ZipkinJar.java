// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.build;

import io.weft.cli.home.Distribution;
import io.weft.cli.process.Children;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

    /** The jar, fetched if it was not yet. */
    public Path fetch() throws BuildFailed, InterruptedException {
        String version = Distribution.zipkinVersion();
        Path directory = distribution.state().cache();
        Path jar = directory.resolve("zipkin-server-" + version + "-" + CLASSIFIER + ".jar");
        if (!Files.exists(jar)) {
            String artifact = "io.zipkin:zipkin-server:" + version + ":jar:" + CLASSIFIER;
            maven.run(
                    "zipkin-fetch",
                    List.of(
                            "-N",
                            "dependency:copy",
                            "-Dartifact=" + artifact,
                            "-DoutputDirectory=" + directory),
                    line -> {});
        }
        return jar;
    }
}
