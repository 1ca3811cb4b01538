// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndingTest {

    @Test
    void asksFirst() throws Exception {
        Process polite = sh("trap 'exit 0' TERM; echo up; while :; do sleep 0.1; done");

        List<ProcessHandle> forced = Ending.of(List.of(polite.toHandle()), Duration.ofSeconds(10));

        assertThat(forced).isEmpty();
        assertThat(polite.waitFor()).isZero();
    }

    @Test
    void forcesWhatDoesNotListen() throws Exception {
        Process stubborn = sh("trap '' TERM; echo up; while :; do sleep 0.1; done");

        List<ProcessHandle> forced =
                Ending.of(List.of(stubborn.toHandle()), Duration.ofMillis(200));

        assertThat(forced).contains(stubborn.toHandle());
        assertThat(stubborn.waitFor()).isEqualTo(128 + 9);
    }

    @Test
    void endsGrandchildrenToo() throws Exception {
        Process parent = sh("sleep 600 & echo up; wait");
        ProcessHandle grandchild =
                await().until(() -> parent.descendants().findFirst(), found -> found.isPresent())
                        .orElseThrow();

        Ending.of(List.of(parent.toHandle()), Duration.ofMillis(200));

        await().until(() -> !ProcessId.runs(grandchild));
    }

    /** Returns when the script has printed its first line. */
    private static Process sh(String script) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", script).start();
        BufferedReader reader = process.inputReader();
        assertThat(reader.readLine()).isEqualTo("up");
        return process;
    }
}
