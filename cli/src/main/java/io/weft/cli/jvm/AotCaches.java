// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.jvm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * JDK AOT caches: what a JVM loaded and linked in a training run, ready for the next. The JVM
 * refuses a cache when the JDK, an option or the size or time of a jar on the class path has
 * changed, so just these make its key.
 */
public final class AotCaches {

    private static final String SUFFIX = ".aot";

    private final Path directory;

    public AotCaches(Path directory) {
        this.directory = directory;
    }

    /** Whether there is a cache for the program as it is now. */
    public boolean has(JavaProgram program) throws IOException {
        return Files.exists(file(program));
    }

    /** Options that start the program from its cache, if it has one. */
    public List<String> use(JavaProgram program) throws IOException {
        return has(program) ? List.of("-XX:AOTCache=" + file(program)) : List.of();
    }

    /** Options of a training run. The cache is written when the program ends. */
    public List<String> make(JavaProgram program) throws IOException {
        Files.createDirectories(directory);
        Files.deleteIfExists(draft(program));
        // Left by a training run that was killed while it wrote.
        Files.deleteIfExists(
                draft(program).resolveSibling(draft(program).getFileName() + ".config"));
        return List.of("-XX:AOTCacheOutput=" + draft(program), "-Xlog:aot*=off", "-Xlog:cds*=off");
    }

    /** Puts what a training run has written to use, in place of older caches of the program. */
    public void keep(JavaProgram program) throws IOException {
        Path file = file(program);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path old : files.filter(path -> isOld(path, program, file)).toList()) {
                Files.deleteIfExists(old);
            }
        }
        Files.move(draft(program), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isOld(Path path, JavaProgram program, Path current) {
        String name = path.getFileName().toString();
        return name.startsWith(program.name() + "-")
                && name.endsWith(SUFFIX)
                && !path.equals(current);
    }

    private Path draft(JavaProgram program) {
        return directory.resolve(program.name() + ".draft");
    }

    private Path file(JavaProgram program) throws IOException {
        return directory.resolve(program.name() + "-" + key(program) + SUFFIX);
    }

    private static String key(JavaProgram program) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            update(digest, System.getProperty("java.home"));
            update(digest, System.getProperty("java.vm.version"));
            program.options().forEach(option -> update(digest, option));
            for (Path jar : classPath(program)) {
                update(digest, jar.toString());
                update(digest, Files.size(jar) + " " + Files.getLastModifiedTime(jar).toMillis());
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> classPath(JavaProgram program) throws IOException {
        Path libraries = program.jar().resolveSibling("lib");
        if (!Files.isDirectory(libraries)) {
            return List.of(program.jar());
        }
        try (Stream<Path> files = Files.list(libraries)) {
            return Stream.concat(Stream.of(program.jar()), files.sorted()).toList();
        }
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
