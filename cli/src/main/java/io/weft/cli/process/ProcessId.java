// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that can be found again later, also by another JVM. When it started is part of it,
 * because the operating system gives the number of a dead process to a new one.
 *
 * @param birth the start as the operating system counts it, without blanks
 */
public record ProcessId(long pid, String birth) {

    /**
     * The 22nd field of Linux' {@code stat}, counted from behind the name, which may have blanks.
     */
    private static final int START_FIELD = 19;

    public static ProcessId of(ProcessHandle process) {
        return new ProcessId(process.pid(), birth(process));
    }

    /** The process, if it still runs and is not another one of the same number. */
    public Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid)
                .filter(ProcessId::runs)
                .filter(process -> birth(process).equals(birth));
    }

    /** A dead process that nobody has waited for still has a number, but no command any more. */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /**
     * On Linux in ticks since the boot, because the time of day that Java makes of them moves when
     * the clock is set.
     */
    private static String birth(ProcessHandle process) {
        Path stat = Path.of("/proc", String.valueOf(process.pid()), "stat");
        try {
            String text = Files.readString(stat);
            return text.substring(text.lastIndexOf(')') + 2).split(" ", -1)[START_FIELD];
        } catch (IOException noSuchSystem) {
            return process.info().startInstant().map(Instant::toString).orElse("unknown");
        }
    }
}
