// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessIdTest {

    private final ProcessHandle self = ProcessHandle.current();

    @Test
    void findsAProcessThatStillRuns() {
        assertThat(ProcessId.of(self).find()).hasValue(self);
    }

    @Test
    void takesNoProcessForAnEarlierOneOfTheSameNumber() {
        ProcessId earlier = new ProcessId(self.pid(), "1");

        assertThat(earlier.find()).isEmpty();
    }

    @Test
    void doesNotFindWhatHasEnded() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        ProcessId id = ProcessId.of(process.toHandle());
        assertThat(id.find()).isPresent();

        process.destroyForcibly().waitFor();

        assertThat(id.find()).isEmpty();
    }
}
