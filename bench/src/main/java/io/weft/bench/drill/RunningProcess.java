// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A process as others of this machine may see it (Linux, proc(5)). */
record RunningProcess(long pid) {

    private static final String LISTENING = "0A";

    /** A process and all below it. */
    static List<RunningProcess> tree(long root) {
        return ProcessHandle.of(root).stream()
                .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
                .map(handle -> new RunningProcess(handle.pid()))
                .toList();
    }

    String commandLine() {
        return read("cmdline").replace('\0', ' ');
    }

    String environment() {
        return read("environ").replace('\0', '\n');
    }

    /** The TCP ports it listens on. */
    Set<Integer> ports() {
        Set<String> sockets = sockets();
        var ports = new HashSet<Integer>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            read(table)
                    .lines()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(row -> row[3].equals(LISTENING) && sockets.contains(row[9]))
                    .forEach(row -> ports.add(port(row[1])));
        }
        return ports;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }

    /** Inodes of its sockets. */
    private Set<String> sockets() {
        var inodes = new HashSet<String>();
        for (Path file : files()) {
            try {
                String target = Files.readSymbolicLink(file).toString();
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring("socket:[".length(), target.length() - 1));
                }
            } catch (IOException e) {
                // Closed in between.
            }
        }
        return inodes;
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(directory().resolve("fd"))) {
            return new ArrayList<>(files.toList());
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private String read(String name) {
        try {
            return Files.readString(directory().resolve(name), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private Path directory() {
        return Path.of("/proc", Long.toString(pid));
    }
}
