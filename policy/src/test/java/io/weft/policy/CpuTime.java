// SPDX-License-Identifier: Apache-2.0
package io.weft.policy;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Time as this thread's processor counts it, so that a busy machine fails no test. */
public final class CpuTime {

    private CpuTime() {}

    public static Duration of(Runnable step) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        step.run();
        return Duration.ofNanos(
                ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
    }
}
