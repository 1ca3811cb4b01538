// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

import io.weft.conformance.proxy.Endpoint;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProcessFigures;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.proxy.Rejection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** See the package. */
public final class ModelProxy implements ProxyUnderTest {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Plane plane;
    private final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
    private final ServerSocket listener;
    private final ModelPool pool;
    private final Set<ModelConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<Rejection> rejections = new CopyOnWriteArrayList<>();
    private final String pseudonym = "model-" + NUMBERS.incrementAndGet();
    private volatile ModelPolicy policy;
    private volatile boolean draining;

    public ModelProxy(Plane plane, ProxySpec spec, Flaw... flaws) throws IOException {
        this.plane = plane;
        this.flaws.addAll(List.of(flaws));
        this.policy = ModelPolicy.read(spec.policy());
        this.listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        int capacity = has(Flaw.READS_AHEAD_WITHOUT_BOUND) ? 128 << 20 : 64 << 10;
        this.pool =
                new ModelPool(
                        spec.endpoints().getOrDefault(ProxySpec.APP, List.of()),
                        capacity,
                        has(Flaw.KEEPS_POISONED_CONNECTIONS));
        Thread.ofVirtual().start(this::accept);
    }

    boolean has(Flaw flaw) {
        return flaws.contains(flaw);
    }

    ModelPool pool() {
        return pool;
    }

    ModelPolicy policy() {
        return policy;
    }

    String pseudonym() {
        return pseudonym;
    }

    boolean draining() {
        return draining;
    }

    void rejected(int status, String reason) {
        if (!has(Flaw.LOGS_NOTHING)) {
            rejections.add(new Rejection(status, reason));
        }
    }

    void ended(ModelConnection connection) {
        connections.remove(connection);
    }

    @Override
    public Plane plane() {
        return plane;
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @Override
    public ProcessFigures figures() throws IOException {
        return ProcessFigures.ofThisProcess(0);
    }

    @Override
    public List<Rejection> rejections() {
        return List.copyOf(rejections);
    }

    @Override
    public List<String> log() {
        return List.of();
    }

    @Override
    public void updatePolicy(String yaml) {
        policy = ModelPolicy.read(yaml);
        if (has(Flaw.CUTS_CONNECTIONS_WHEN_POLICY_CHANGES)) {
            connections.forEach(ModelConnection::close);
        }
    }

    @Override
    public void updateEndpoints(String service, List<Endpoint> endpoints) {
        pool.endpoints(plane == Plane.INBOUND ? endpoints.stream().limit(1).toList() : endpoints);
    }

    @Override
    public void drain() {
        draining = true;
        connections.forEach(ModelConnection::closeIfIdle);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        connections.forEach(ModelConnection::close);
        pool.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                ModelConnection connection = new ModelConnection(this, socket);
                connections.add(connection);
                Thread.ofVirtual().start(connection::serve);
            } catch (IOException _) {
                // Closed, or a client that was gone at once.
            }
        }
    }
}
