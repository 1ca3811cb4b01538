// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.audit;

import io.weft.authservice.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.concurrent.locks.LockSupport;

/** Writes entries and says which were acknowledged, until it is killed. */
final class AuditingProcess {

    private AuditingProcess() {}

    public static void main(String[] args) throws Exception {
        Path said = Path.of(args[1]);
        boolean refused = false;
        try (var state = StateDirectory.open(Path.of(args[0]));
                var log = AuditLog.open(state, Clock.systemUTC())) {
            for (int i = 0; i < 1_000_000; i++) {
                try {
                    log.append(AuditEntry.of("issued").with("serial", i));
                    if (!refused) {
                        say(said, "<" + i + ">");
                    }
                } catch (AuditUnavailableException e) {
                    if (!refused) {
                        refused = true;
                        say(said, "refused");
                    }
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }
    }

    private static void say(Path said, String what) throws IOException {
        Files.writeString(said, what + "\n", StandardOpenOption.APPEND);
    }
}
