// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.supervise;

import io.weft.cli.port.Claim;
import io.weft.cli.process.Command;
import io.weft.cli.process.Roster.Member;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A process to run and to keep running.
 *
 * @param name its name in messages and the name of its log
 * @param rank parts of higher rank are ended before those of lower rank
 * @param health how to see what state it is in
 * @param after the parts that must be listening before this one is started
 * @param ports released the moment before it is started
 */
public record Part(
        String name,
        int rank,
        Command command,
        Health health,
        Set<String> after,
        List<Claim> ports) {

    public Part {
        after = Set.copyOf(after);
        ports = List.copyOf(ports);
    }

    /** The same part, with nobody waiting for more than that it listens. */
    public Part whenListening() {
        return new Part(name, rank, command, Health.of(health.listening()), after, ports);
    }

    Member member() {
        return new Member(name, rank, Optional.of(health.ready()));
    }
}
