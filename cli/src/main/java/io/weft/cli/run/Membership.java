// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.run;

import io.weft.cli.home.Distribution;
import io.weft.cli.home.State;
import io.weft.cli.home.Up;
import io.weft.cli.home.Up.Address;
import io.weft.cli.jvm.AotCaches;
import io.weft.cli.mesh.Agent;
import io.weft.cli.mesh.Agent.Workload;
import io.weft.cli.mesh.ControlPlane;
import io.weft.cli.mesh.Parts;
import io.weft.cli.mesh.Programs;
import io.weft.cli.port.Ports;
import io.weft.cli.process.Children;
import io.weft.cli.process.Roster.Member;
import io.weft.cli.supervise.Part;
import io.weft.cli.supervise.PartFailed;
import io.weft.cli.supervise.Progress;
import io.weft.cli.supervise.Supervisor;
import io.weft.cli.terminal.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A user's process in a running mesh, with an agent that comes before it and leaves after it. */
final class Membership implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int FIRST_PORT = 15_800;
    private static final int GUEST_RANK = 1;

    /** Ctrl-C reaches the process as well as us: it may end as it likes before it is told to. */
    private static final Duration OWN_CHANCE = Duration.ofMillis(500);

    private final Guest guest;
    private final Up up;
    private final Terminal terminal;
    private final Children children;
    private final Supervisor supervisor;
    private final Ports ports = new Ports();
    private final Agent agent;
    private final Part part;
    private volatile @Nullable Process process;

    Membership(Distribution distribution, Terminal terminal, Up up, Guest guest)
            throws IOException {
        State state = distribution.state();
        this.guest = guest;
        this.up = up;
        this.terminal = terminal;
        this.children = new Children(state.joined());
        this.supervisor = new Supervisor(children, PATIENCE, 1);
        this.agent =
                Agent.claim(
                        ports,
                        FIRST_PORT,
                        new Workload(guest.name(), guest.version()),
                        OptionalInt.of(guest.port()));
        Parts parts = new Parts(state, new AotCaches(state.cache().resolve("aot")));
        this.part =
                parts.agent(
                                guest.member() + "-agent",
                                new Programs(state),
                                agent,
                                new ControlPlane(
                                        up.at(Address.FEED), up.at(Address.ENROLMENT), state))
                        .whenListening();
        Runtime.getRuntime().addShutdownHook(new Thread(this::leave));
    }

    /** Returns when the agent is there; it cannot be ready before the process is. */
    void join() throws PartFailed, InterruptedException {
        supervisor.start(List.of(part), Progress.NONE);
    }

    /**
     * Runs the process in the terminal that we were started in.
     *
     * @return its exit code
     */
    int run(List<String> command) throws IOException, InterruptedException {
        Member member = new Member(guest.member(), GUEST_RANK, Optional.of(agent.health().ready()));
        Process started = children.spawn(member, () -> start(command));
        process = started;
        Thread.startVirtualThread(() -> endWithAgent(started));
        return started.waitFor();
    }

    private Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment());
        return builder.start();
    }

    private Map<String, String> environment() {
        Map<String, String> environment =
                new TreeMap<>(
                        agent.proxySettings(System.getenv().getOrDefault("JAVA_TOOL_OPTIONS", "")));
        environment.put("PORT", String.valueOf(guest.port()));
        environment.put("SERVER_PORT", String.valueOf(guest.port()));
        environment.put("WEFT_NAME", guest.name());
        environment.put("WEFT_VERSION", guest.version());
        environment.put("WEFT_OUTBOUND", agent.outbound().toString());
        environment.put("WEFT_EDGE", up.at(Address.EDGE).toString());
        return environment;
    }

    private void endWithAgent(Process started) {
        try {
            supervisor.watch();
        } catch (PartFailed e) {
            if (started.isAlive()) {
                terminal.failed(e.line() + "; " + guest.name() + " is being stopped");
                started.destroy();
            }
        } catch (InterruptedException | CancellationException leaving) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs when this JVM is told to end, and keeps the exit code that of the process. */
    private void leave() {
        Process last = process;
        if (last == null || !last.isAlive()) {
            close();
            return;
        }
        try {
            last.waitFor(OWN_CHANCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
        Runtime.getRuntime().halt(last.exitValue());
    }

    @Override
    public void close() {
        supervisor.close();
        children.close();
        ports.close();
    }
}
