// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that can be found again later, also by another JVM. The start time is part of it
 * because the operating system gives the number of a dead process to a new one.
 */
public record ProcessId(long pid, Instant started) {

    /** Linux derives start times from the boot time, which moves a little with the clock. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    public static ProcessId of(ProcessHandle process) {
        return new ProcessId(process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
    }

    /** The process, if it still runs and is not another one of the same number. */
    public Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid).filter(ProcessId::runs).filter(this::startedThen);
    }

    /** A dead process that nobody has waited for still has a number, but no command any more. */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private boolean startedThen(ProcessHandle process) {
        return process.info()
                .startInstant()
                .filter(start -> Duration.between(start, started).abs().compareTo(TOLERANCE) < 0)
                .isPresent();
    }
}
