// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Ends processes and all that they have started: asked first, forced when they do not listen. */
public final class Ending {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /** SIGKILL needs no consent, only the time of the operating system. */
    private static final Duration FORCE = Duration.ofSeconds(5);

    private Ending() {}

    /**
     * Returns when none of them runs any more. What they have started is left to them as long as
     * they run, for they may have an order of their own.
     *
     * @param grace how long they may take before they are forced
     * @return those that had to be forced
     */
    public static List<ProcessHandle> of(Collection<ProcessHandle> processes, Duration grace) {
        long end = System.nanoTime() + grace.toNanos();
        List<ProcessHandle> heads = List.copyOf(processes);
        List<ProcessHandle> family =
                heads.stream()
                        .flatMap(head -> Stream.concat(Stream.of(head), head.descendants()))
                        .distinct()
                        .toList();
        heads.forEach(ProcessHandle::destroy);
        wait(heads, end);
        running(family).forEach(ProcessHandle::destroy);
        List<ProcessHandle> left = wait(family, end);
        left.forEach(ProcessHandle::destroyForcibly);
        wait(left, System.nanoTime() + FORCE.toNanos());
        return left;
    }

    private static List<ProcessHandle> wait(List<ProcessHandle> processes, long end) {
        List<ProcessHandle> left = running(processes);
        while (!left.isEmpty() && System.nanoTime() < end) {
            // Not a sleep: an interrupt must not leave orphans behind.
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            left = running(left);
        }
        return left;
    }

    private static List<ProcessHandle> running(List<ProcessHandle> processes) {
        return processes.stream().filter(ProcessId::runs).toList();
    }
}
