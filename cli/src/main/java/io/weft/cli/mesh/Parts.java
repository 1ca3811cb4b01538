// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

import io.weft.cli.home.State;
import io.weft.cli.jvm.AotCaches;
import io.weft.cli.jvm.JavaProgram;
import io.weft.cli.port.Claim;
import io.weft.cli.process.Command;
import io.weft.cli.supervise.Health;
import io.weft.cli.supervise.Part;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes parts: gives each a directory, a log, and the cache that its program has.
 *
 * @param state where all that is
 */
public record Parts(State state, AotCaches caches) {

    /** What a part runs. */
    record Run(JavaProgram program, List<String> arguments, Map<String, String> environment) {

        static Run of(JavaProgram program, Map<String, String> settings) {
            return new Run(program, List.of(), JavaProgram.environment(settings));
        }
    }

    Part part(
            String name,
            Stage stage,
            Run run,
            Health health,
            Set<String> after,
            Collection<Claim> ports)
            throws IOException {
        List<String> words = new ArrayList<>(run.program().words(caches.use(run.program())));
        words.addAll(run.arguments());
        Command command = new Command(words, run.environment(), state.data(name), state.log(name));
        return new Part(name, stage.rank(), command, health, after, List.copyOf(ports));
    }

    /**
     * The agent beside a workload.
     *
     * @param name of the part, such as {@code orders-v1-agent}
     */
    public Part agent(String name, Programs programs, Agent agent, ControlPlane controlPlane)
            throws IOException {
        Map<String, String> environment = agent.environment(controlPlane, state.data(name));
        return part(
                name,
                Stage.AGENTS,
                new Run(programs.agent(), List.of(), environment),
                agent.health(),
                Set.of(),
                agent.claims());
    }

    static URI https(Claim claim) {
        return URI.create("https://127.0.0.1:" + claim.port());
    }

    static URI http(Claim claim) {
        return URI.create("http://127.0.0.1:" + claim.port());
    }
}
