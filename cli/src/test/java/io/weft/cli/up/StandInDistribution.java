// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import io.weft.cli.StandIn;
import io.weft.cli.home.Distribution;
import io.weft.cli.home.State;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A distribution whose jars are all {@link StandIn}s, and the real command to run on it. */
final class StandInDistribution {

    private static final List<String> MODULES =
            List.of("config-server", "auth-service", "gateway", "mesh-agent", "demo");

    private final Path root;
    private final Distribution distribution;

    /** What a command printed. */
    record Result(int exitCode, String out, String err) {}

    private StandInDistribution(Path root) throws IOException {
        this.root = root;
        this.distribution = new Distribution(root);
        Path policy = Files.createDirectories(distribution.policy());
        Files.copy(
                Path.of("..", "demo", "policy", "shop.yml"),
                policy.resolve("shop.yml"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(root.resolve("ended"));
    }

    static StandInDistribution built(Path root) throws IOException {
        StandInDistribution distribution = new StandInDistribution(root);
        for (String module : MODULES) {
            if (!Files.exists(distribution.distribution.jar(module))) {
                jar(distribution.distribution.jar(module));
            }
        }
        return distribution;
    }

    /** Makes a module one that has yet to be built. */
    void remove(String module) throws IOException {
        Files.delete(distribution.jar(module));
    }

    State state() {
        return distribution.state();
    }

    /** The lines of the file in which parts note their end, the first to end first. */
    List<String> ended() throws IOException {
        return Files.readAllLines(root.resolve("ended"));
    }

    /** The address at which a part says that it is ready. */
    String readiness(String part) {
        return state().started().entries().stream()
                .filter(entry -> entry.name().equals(part))
                .flatMap(entry -> entry.member().ready().stream())
                .findFirst()
                .orElseThrow()
                .toString();
    }

    /** Processes of this distribution that run now. */
    List<String> running() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine())
                .flatMap(Optional::stream)
                .filter(line -> line.contains(root.toString()))
                .toList();
    }

    Result weft(String... arguments) throws Exception {
        return result(start(arguments));
    }

    Result result(Process weft) throws Exception {
        int exitCode = weft.waitFor();
        return new Result(
                exitCode,
                Files.readString(root.resolve("out-" + weft.pid())),
                Files.readString(root.resolve("err-" + weft.pid())));
    }

    Process start(String... arguments) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        words.addAll(List.of("-Dweft.home=" + root, "-Dweft.command=weft"));
        words.addAll(List.of("-Dstderr.encoding=UTF-8", "-Dstdout.encoding=UTF-8"));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.weft.cli.Weft"));
        words.addAll(List.of(arguments));
        Path out = Files.createTempFile(root, "out", "");
        Path err = Files.createTempFile(root, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("STANDIN_ENDED", root.resolve("ended").toString());
        builder.environment().put("JAVA_TOOL_OPTIONS", "-Dmine=1");
        Process weft = builder.start();
        Files.move(out, root.resolve("out-" + weft.pid()));
        Files.move(err, root.resolve("err-" + weft.pid()));
        return weft;
    }

    private static void jar(Path file) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, StandIn.class.getName());
        String entry = StandIn.class.getName().replace('.', '/') + ".class";
        Files.createDirectories(file.getParent());
        try (InputStream code = StandIn.class.getClassLoader().getResourceAsStream(entry);
                OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry(entry));
            Objects.requireNonNull(code).transferTo(jar);
        }
    }
}
