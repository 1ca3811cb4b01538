// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.home;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What was cloned or unpacked.
 *
 * @param root the directory with the {@code weft} script in it
 */
public record Distribution(Path root) {

    private static final Properties BUILD = build();

    /** The one this JVM was started from: the script says where that is. */
    public static Distribution ofSystem() {
        return new Distribution(
                Path.of(System.getProperty("weft.home", "")).toAbsolutePath().normalize());
    }

    /** How the command was called, for commands that people are to copy. */
    public static String command() {
        return System.getProperty("weft.command", "weft");
    }

    /** The version of this command and of every module beside it. */
    public static String version() {
        return BUILD.getProperty("version");
    }

    /** The version of Zipkin that was tested with. */
    public static String zipkinVersion() {
        return BUILD.getProperty("zipkin.version");
    }

    /** Where a module's runnable jar is, or will be once it is built. */
    public Path jar(String module) {
        return root.resolve(module).resolve("target").resolve(jarName(module));
    }

    static String jarName(String module) {
        return "weft-" + module + "-" + version() + ".jar";
    }

    /** The policy of the shop as it is delivered. */
    public Path policy() {
        return root.resolve("demo").resolve("policy");
    }

    /** Maven: the wrapper if it is there, else whatever is installed. */
    public String maven() {
        Path wrapper = root.resolve("mvnw");
        return Files.isRegularFile(wrapper) ? wrapper.toString() : "mvn";
    }

    /** A path as short as it can be written where the command was called. */
    public static Path shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }

    /** The directory of everything a run leaves. */
    public State state() {
        return new State(root.resolve(".weft"));
    }

    private static Properties build() {
        try (InputStream resource = Distribution.class.getResourceAsStream("build.properties")) {
            Properties properties = new Properties();
            properties.load(resource);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
