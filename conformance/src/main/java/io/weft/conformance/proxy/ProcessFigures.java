// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process uses.
 *
 * @param directBytes memory outside the heap that the engine counts itself; the kernel cannot tell
 * @param cpu user and system time spent since its start
 */
public record ProcessFigures(
        long pid,
        long residentBytes,
        long directBytes,
        int fileDescriptors,
        int threads,
        Duration cpu) {

    private static final long NANOS_PER_TICK = 10_000_000;

    /** Reads what Linux says about a process. */
    public static ProcessFigures of(long pid, long directBytes) throws IOException {
        Path proc = Path.of("/proc", Long.toString(pid));
        List<String> status = Files.readAllLines(proc.resolve("status"));
        return new ProcessFigures(
                pid,
                number(status, "VmRSS:") * 1024,
                directBytes,
                count(proc.resolve("fd")),
                (int) number(status, "Threads:"),
                cpu(Files.readString(proc.resolve("stat"))));
    }

    /** Of the process that this code runs in. */
    public static ProcessFigures ofThisProcess(long directBytes) throws IOException {
        return of(ProcessHandle.current().pid(), directBytes);
    }

    /** Whether the process is the one that this code runs in, whose figures include the tests. */
    public boolean ofThisProcess() {
        return pid == ProcessHandle.current().pid();
    }

    private static long number(List<String> lines, String name) throws IOException {
        for (String line : lines) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).strip().split(" ", 2)[0]);
            }
        }
        throw new IOException("no " + name + " in the status of the process");
    }

    private static int count(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return (int) entries.count();
        }
    }

    /**
     * Fields 14 and 15; the name of the process, field 2, may have blanks and parentheses in it.
     */
    private static Duration cpu(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Duration.ofNanos(
                (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_PER_TICK);
    }
}
