// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.home;

import io.weft.cli.process.Roster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What runs leave behind, all of it under one directory that may be deleted when nothing runs.
 *
 * @param directory {@code .weft} beside the script
 */
public record State(Path directory) {

    private static final String LOG = ".log";

    /** The policy in force: a copy of the shop's, to be edited. */
    public Path policy() {
        return directory.resolve("policy");
    }

    /** The jar of a module as it is run. */
    public Path jar(String module) {
        return directory.resolve("lib").resolve(module).resolve(Distribution.jarName(module));
    }

    /** Working directory and memory of a part. */
    public Path data(String part) {
        return directory.resolve("data").resolve(part);
    }

    /** What a part prints. */
    public Path log(String part) {
        return logs().resolve(part + LOG);
    }

    /** The parts that have a log. */
    public List<String> logNames() throws IOException {
        if (!Files.isDirectory(logs())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(logs())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(LOG))
                    .map(name -> name.substring(0, name.length() - LOG.length()))
                    .sorted()
                    .toList();
        }
    }

    /** What nobody else may read. */
    public Path secrets() {
        return directory.resolve("secrets");
    }

    /** Things that cost time to make and can be made again. */
    public Path cache() {
        return directory.resolve("cache");
    }

    /** What {@code weft up} has started. */
    public Roster started() {
        return new Roster(directory.resolve("run"));
    }

    /** The {@code weft run} commands that have put something into the mesh. */
    public Roster joined() {
        return new Roster(directory.resolve("joined"));
    }

    Path supervisor() {
        return directory.resolve("up.properties");
    }

    Path lock() {
        return directory.resolve("lock");
    }

    private Path logs() {
        return directory.resolve("logs");
    }
}
