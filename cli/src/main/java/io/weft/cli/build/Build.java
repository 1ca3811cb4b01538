// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.build;

import io.weft.cli.home.Distribution;
import io.weft.cli.process.Children;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Builds the modules whose jars are missing or older than their sources. */
public final class Build {

    private static final Pattern PROGRESS =
            Pattern.compile("\\[INFO] Building (.+?) \\S+ +\\[(.+)]");
    private static final Pattern MODULE =
            Pattern.compile("<artifactId>weft-([a-z-]+)</artifactId>");

    private final Distribution distribution;
    private final Maven maven;

    public Build(Distribution distribution, Children children) {
        this.distribution = distribution;
        this.maven = new Maven(distribution, children);
    }

    /** Those of the modules that have to be built. */
    public List<String> due(List<String> modules) {
        return modules.stream().filter(this::isDue).toList();
    }

    /**
     * Builds modules and those they are made of, without their tests.
     *
     * @param progress hears what is being built, such as {@code Weft Gateway (5/8)}
     */
    public void run(List<String> modules, Consumer<String> progress)
            throws BuildFailed, InterruptedException {
        maven.run(
                "build",
                List.of(
                        "-T",
                        "1C",
                        "-Dmaven.test.skip=true",
                        "-am",
                        "-pl",
                        String.join(",", modules),
                        "package"),
                line -> progress(line).ifPresent(progress));
        modules.forEach(this::refresh);
    }

    private boolean isDue(String module) {
        Path jar = distribution.jar(module);
        return !Files.exists(jar) || madeOf(module).stream().anyMatch(part -> changed(part, jar));
    }

    /** A module and the modules that its pom names, and those that theirs name. */
    private Set<String> madeOf(String module) {
        Set<String> all = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(module));
        while (!open.isEmpty()) {
            String next = open.pop();
            Path pom = distribution.root().resolve(next).resolve("pom.xml");
            if (all.add(next) && Files.exists(pom)) {
                MODULE.matcher(read(pom))
                        .results()
                        .map(match -> match.group(1))
                        .forEach(open::push);
            }
        }
        return all;
    }

    private boolean changed(String module, Path jar) {
        Path directory = distribution.root().resolve(module);
        return Stream.of(directory.resolve("pom.xml"), directory.resolve("src").resolve("main"))
                .filter(Files::exists)
                .anyMatch(path -> newer(path, time(jar)));
    }

    private static boolean newer(Path sources, FileTime time) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(Files::isRegularFile)
                    .anyMatch(file -> time(file).compareTo(time) > 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Maven leaves a jar alone when nothing in it changed; it must not be due for ever. */
    private void refresh(String module) {
        if (isDue(module)) {
            try {
                Files.setLastModifiedTime(
                        distribution.jar(module), FileTime.fromMillis(System.currentTimeMillis()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Optional<String> progress(String line) {
        Matcher matcher = PROGRESS.matcher(line);
        return matcher.find()
                ? Optional.of(matcher.group(1) + " (" + matcher.group(2) + ")")
                : Optional.empty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
