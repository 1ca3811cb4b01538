// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program to start in the background.
 *
 * @param words the program and its arguments
 * @param environment variables on top of our own
 * @param directory where it runs; made if missing
 * @param log what it prints goes here; an older log is overwritten
 */
public record Command(List<String> words, Map<String, String> environment, Path directory, Path log)
        implements Startable {

    /**
     * Ctrl-C and the closing of a window reach every process in the terminal at once. Children
     * ignore both, so that they end in the order in which they are told to.
     */
    private static final List<String> SHIELD =
            List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "weft");

    private static final List<String> FOREIGN = List.of("SPRING_", "SERVER_", "MANAGEMENT_");

    public Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    /** Starts it. The process is the program itself, no shell stays between. */
    @Override
    public Process start() throws IOException {
        Files.createDirectories(directory);
        Files.createDirectories(log.toAbsolutePath().getParent());
        List<String> shielded = new ArrayList<>(SHIELD);
        shielded.addAll(words);
        ProcessBuilder process =
                new ProcessBuilder(shielded)
                        .directory(directory.toFile())
                        .redirectInput(new File("/dev/null"))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        process.environment().keySet().removeIf(Command::isForeign);
        process.environment().putAll(environment);
        return process.start();
    }

    /** Settings meant for some other Spring application that is started from the same shell. */
    private static boolean isForeign(String variable) {
        return FOREIGN.stream().anyMatch(variable::startsWith);
    }
}
