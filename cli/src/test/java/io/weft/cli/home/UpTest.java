// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.home;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.cli.home.Up.Address;
import io.weft.cli.process.ProcessId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpTest {

    @TempDir private Path directory;

    @Test
    void othersReadWhatWasAnnounced() throws IOException {
        State state = new State(directory);
        Up up =
                new Up(
                        ProcessId.of(ProcessHandle.current()),
                        true,
                        Map.of(Address.EDGE, URI.create("http://127.0.0.1:18080")));

        up.announce(state);

        assertThat(Up.find(state)).hasValue(up);
    }

    @Test
    void aSupervisorThatIsGoneIsNotUp() throws IOException {
        State state = new State(directory);
        ProcessId gone = new ProcessId(ProcessHandle.current().pid(), "1");

        new Up(gone, true, Map.of()).announce(state);

        assertThat(Up.find(state)).isEmpty();
    }

    @Test
    void nothingIsUpBeforeTheFirstStartAndAfterTheEnd() throws IOException {
        State state = new State(directory);
        assertThat(Up.find(state)).isEmpty();
        new Up(ProcessId.of(ProcessHandle.current()), false, Map.of()).announce(state);

        Up.over(state);

        assertThat(Up.find(state)).isEmpty();
    }

    @Test
    void onlyOneHoldsTheLock() throws IOException {
        State state = new State(directory);
        try (Lock first = Lock.take(state).orElseThrow()) {
            assertThat(first).isNotNull();
            assertThat(Lock.take(state)).isEmpty();
        }
        try (Lock second = Lock.take(state).orElseThrow()) {
            assertThat(second).isNotNull();
        }
    }
}
