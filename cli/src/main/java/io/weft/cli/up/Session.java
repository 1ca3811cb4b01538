// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import io.weft.cli.build.BuildFailed;
import io.weft.cli.home.Distribution;
import io.weft.cli.home.State;
import io.weft.cli.home.Up;
import io.weft.cli.home.Up.Address;
import io.weft.cli.java.AotCaches;
import io.weft.cli.mesh.LocalMesh;
import io.weft.cli.mesh.Parts;
import io.weft.cli.mesh.Programs;
import io.weft.cli.mesh.Stage;
import io.weft.cli.port.Claim;
import io.weft.cli.port.Ports;
import io.weft.cli.process.Children;
import io.weft.cli.process.ProcessId;
import io.weft.cli.supervise.Part;
import io.weft.cli.supervise.PartFailed;
import io.weft.cli.supervise.Supervisor;
import io.weft.cli.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One run of everything: the steps of a start in the order in which they are told. Closing it, at
 * any time and from any thread, leaves nothing running.
 */
final class Session implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration EDGE_PATIENCE = Duration.ofSeconds(30);

    private final Distribution distribution;
    private final State state;
    private final Terminal terminal;
    private final Children children;
    private final Ports ports = new Ports();
    private final Supervisor supervisor;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    Session(Distribution distribution, Terminal terminal) throws IOException {
        this.distribution = distribution;
        this.state = distribution.state();
        this.terminal = terminal;
        endOrphans();
        this.children = new Children(state.started());
        this.supervisor =
                new Supervisor(children, PATIENCE, Runtime.getRuntime().availableProcessors() + 1);
        announce(false, Map.of());
    }

    /** Returns when everything has been seen to work. */
    Up start(boolean lite)
            throws IOException, BuildFailed, PartFailed, EdgeSilent, InterruptedException {
        long begin = System.nanoTime();
        terminal.done("Java " + System.getProperty("java.version"), "", since(begin));
        Preparation preparation = new Preparation(distribution, children, terminal);
        preparation.jars();
        preparation.policy();
        Optional<Path> zipkin = lite ? Optional.empty() : preparation.zipkin();

        long layout = System.nanoTime();
        Parts parts = new Parts(state, new AotCaches(state.cache().resolve("aot")));
        LocalMesh mesh = new LocalMesh(parts, new Programs(distribution), ports);
        List<Part> all = mesh.parts(zipkin);
        terminal.done("ports", moved(all), since(layout));

        supervisor.start(all, milestones(mesh.addresses(), all));
        knock(mesh.addresses());
        terminal.say("\nReady in %d s.\n".formatted(since(begin).toSeconds()));
        return announce(true, mesh.addresses());
    }

    /**
     * Returns only by an exception.
     *
     * @throws PartFailed when a part ends
     */
    void watch() throws PartFailed, InterruptedException {
        supervisor.watch();
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            terminal.passing("stopping everything");
        }
        supervisor.close();
        children.close();
        ports.close();
        Up.over(state);
        if (closed.compareAndSet(false, true)) {
            terminal.say("Everything is stopped.");
        }
    }

    private void endOrphans() {
        List<String> ended = state.started().endAll();
        if (!ended.isEmpty()) {
            terminal.warned(
                    "left over", ended.size() + " processes of a killed weft up, ended now");
        }
    }

    private Up announce(boolean ready, Map<Address, URI> addresses) throws IOException {
        Up up = new Up(ProcessId.of(ProcessHandle.current()), ready, addresses);
        up.announce(state);
        return up;
    }

    private void knock(Map<Address, URI> addresses) throws EdgeSilent, InterruptedException {
        long begin = System.nanoTime();
        URI order = Objects.requireNonNull(addresses.get(Address.EDGE)).resolve("/orders/42");
        terminal.passing("waiting for the first request to come through");
        terminal.done("first request", EdgeRequest.until200(order, EDGE_PATIENCE), since(begin));
    }

    private Milestones milestones(Map<Address, URI> addresses, List<Part> all) {
        List<String> agents = named(all, part -> part.rank() == Stage.AGENTS.rank());
        return new Milestones(terminal)
                .add(
                        "control plane",
                        shown(addresses, Address.CONTROL_PLANE),
                        named(all, part -> part.name().equals("config-server")))
                .add(
                        "edge gateway",
                        shown(addresses, Address.EDGE),
                        named(all, part -> part.name().equals("gateway")))
                .add(
                        "auth service",
                        shown(addresses, Address.AUTH) + "    sign-in comes with the next release",
                        named(all, part -> part.name().equals("auth-service")))
                .add(
                        "agents",
                        agents.size() + ", plain HTTP between them until the next release",
                        agents)
                .add(
                        "services",
                        "storefront, orders v1 v2, payments v1 v2 (v2 fails 1 in 5), catalog",
                        named(all, part -> part.rank() == Stage.SERVICES.rank()))
                .add(
                        "traffic",
                        "5 requests/s, and an intruder now and then",
                        named(all, part -> part.rank() == Stage.VISITORS.rank()))
                .add(
                        "Zipkin",
                        shown(addresses, Address.ZIPKIN) + "    traces come with a later release",
                        named(all, part -> part.name().equals("zipkin")));
    }

    private static List<String> named(List<Part> parts, Predicate<Part> which) {
        return parts.stream().filter(which).map(Part::name).toList();
    }

    private static String moved(List<Part> parts) {
        List<Claim> moved =
                parts.stream().flatMap(part -> part.ports().stream()).filter(Claim::moved).toList();
        return moved.isEmpty()
                ? "as documented"
                : moved.stream()
                        .map(claim -> claim.wanted() + " busy → using " + claim.port())
                        .collect(Collectors.joining(", "));
    }

    private static String shown(Map<Address, URI> addresses, Address address) {
        URI uri = addresses.get(address);
        return uri == null ? "" : "http://localhost:" + uri.getPort();
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
