// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.build;

import io.weft.cli.home.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Copies of the jars that are run. Maven writes new jars over old ones, which pulls the classes
 * from under a JVM that has them open: a build must not break a mesh that runs.
 */
public final class Installation {

    private final Distribution distribution;

    public Installation(Distribution distribution) {
        this.distribution = distribution;
    }

    /** Brings the copies of these modules up to date. Call it when none of them runs. */
    public void refresh(List<String> modules) throws IOException {
        for (String module : modules) {
            Path jar = distribution.jar(module);
            Path copy = distribution.state().jar(module);
            refresh(Map.of(copy, jar), copy.resolve("..").normalize());
            refresh(libraries(jar, copy), copy.resolveSibling("lib"));
        }
    }

    /** Makes a directory hold these copies and no other files. */
    private static void refresh(Map<Path, Path> originals, Path directory) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!originals.containsKey(file)) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<Path, Path> copy : originals.entrySet()) {
            refresh(copy.getValue(), copy.getKey());
        }
    }

    /** With its time, because that is part of what makes a start-up cache valid. */
    private static void refresh(Path original, Path copy) throws IOException {
        boolean same =
                Files.exists(copy)
                        && Files.size(copy) == Files.size(original)
                        && Files.getLastModifiedTime(copy)
                                .equals(Files.getLastModifiedTime(original));
        if (!same) {
            Files.copy(
                    original,
                    copy,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static Map<Path, Path> libraries(Path jar, Path copy) throws IOException {
        Map<Path, Path> libraries = new LinkedHashMap<>();
        Path directory = jar.resolveSibling("lib");
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                files.forEach(
                        file ->
                                libraries.put(
                                        copy.resolveSibling("lib").resolve(file.getFileName()),
                                        file));
            }
        }
        return libraries;
    }
}
