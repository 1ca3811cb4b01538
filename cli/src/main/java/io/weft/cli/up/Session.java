// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.up;

import io.weft.cli.build.BuildFailed;
import io.weft.cli.home.Distribution;
import io.weft.cli.home.State;
import io.weft.cli.home.Up;
import io.weft.cli.home.Up.Address;
import io.weft.cli.jvm.AotCaches;
import io.weft.cli.mesh.LocalMesh;
import io.weft.cli.mesh.Parts;
import io.weft.cli.mesh.Programs;
import io.weft.cli.mesh.Trainees;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private Runnable onceIdle = () -> {};
    private boolean closed;

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
        AotCaches caches = new AotCaches(state.cache().resolve("aot"));
        Programs programs = new Programs(state);
        LocalMesh mesh = new LocalMesh(new Parts(state, caches), programs, ports);
        Map<Address, URI> addresses = mesh.addresses(zipkin.isPresent());
        Warmup warmup =
                new Warmup(
                        new Trainees(state, programs, ports, mesh.controlPlane()),
                        caches,
                        children);
        terminal.done("ports", moved(), since(layout));
        bring(mesh, zipkin, warmup, new Milestones(terminal, addresses));
        knock(addresses);
        terminal.say("\nReady in %d s.\n".formatted(since(begin).toSeconds()));
        onceIdle = () -> warmup.later(zipkin);
        return announce(true, addresses);
    }

    private void bring(LocalMesh mesh, Optional<Path> zipkin, Warmup warmup, Milestones milestones)
            throws IOException, PartFailed, InterruptedException {
        List<Part> next = new ArrayList<>(mesh.control());
        Optional<Thread> training = warmup.now();
        if (training.isPresent()) {
            supervisor.start(next, milestones);
            terminal.passing("preparing faster starts, this once");
            training.get().join();
            next.clear();
        }
        List<Part> shop = mesh.shop();
        milestones.expectShop(shop);
        next.addAll(shop);
        if (zipkin.isPresent()) {
            next.add(mesh.zipkin(zipkin.get()));
        }
        supervisor.start(next, milestones);
    }

    /**
     * Returns only by an exception.
     *
     * @throws PartFailed when a part ends
     */
    void watch() throws PartFailed, InterruptedException {
        onceIdle.run();
        supervisor.watch();
    }

    /** A second call waits for the first, for the JVM may halt when it returns. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        terminal.passing("stopping everything");
        supervisor.close();
        children.close();
        ports.close();
        Up.over(state);
        terminal.say("Everything is stopped.");
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

    private String moved() {
        List<Claim> moved = ports.moved();
        return moved.isEmpty()
                ? "as documented"
                : moved.stream()
                        .map(claim -> claim.wanted() + " busy → using " + claim.port())
                        .collect(Collectors.joining(", "));
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
