// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.check;

import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Policy documents on disk, which together are one policy. */
public final class PolicyFiles {

    private final Map<String, String> texts = new LinkedHashMap<>();

    private PolicyFiles() {}

    /**
     * Reads files, and all YAML files in directories.
     *
     * @throws NoSuchFileException if one is not there
     */
    public static PolicyFiles read(List<Path> paths) throws IOException {
        PolicyFiles files = new PolicyFiles();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                for (Path file : yamlIn(path)) {
                    files.add(file);
                }
            } else {
                files.add(path);
            }
        }
        return files;
    }

    /** How many there are. */
    public int count() {
        return texts.size();
    }

    /** What the control plane would make of them, had it none before. */
    public Compilation compile() {
        List<PolicyText> documents =
                texts.entrySet().stream()
                        .map(text -> new PolicyText(text.getKey(), text.getValue()))
                        .toList();
        return PolicyCompiler.compile(documents, List.of(), Good.NONE);
    }

    /** A line of a file, without its end; empty if there is no such line. */
    String line(String file, int number) {
        return texts.getOrDefault(file, "")
                .lines()
                .skip(Math.max(0, number - 1))
                .findFirst()
                .orElse("");
    }

    private void add(Path file) throws IOException {
        texts.put(file.toString(), Files.readString(file));
    }

    private static List<Path> yamlIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        }
    }
}
