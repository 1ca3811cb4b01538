// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane;

import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of the tests: each connection is served by a script on a thread of its own. */
public final class TestUpstream implements AutoCloseable {

    private final ServerSocket server;
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();

    /** Serves one connection. */
    @FunctionalInterface
    public interface Script {
        void serve(Wire wire, int connection) throws IOException;
    }

    private TestUpstream(ServerSocket server) {
        this.server = server;
    }

    public static TestUpstream start(Script script) throws IOException {
        var upstream =
                new TestUpstream(new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(() -> upstream.accept(script));
        return upstream;
    }

    /** Answers every request with 200 and this body. */
    public static TestUpstream answering(String body) throws IOException {
        return start((wire, _) -> wire.serveAll(body));
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket socket = server.accept();
                int number = accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(script, socket, number));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void serve(Script script, Socket socket, int number) {
        try (socket) {
            script.serve(new Wire(socket, requests), number);
        } catch (IOException e) {
            // The proxy is gone, and the test says whether it may be.
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /** How many connections there have been. */
    public int accepted() {
        return accepted.get();
    }

    /** How many heads of requests have been read. */
    public int requests() {
        return requests.get();
    }

    public Instance instance(String service) {
        return instance(service, Map.of());
    }

    public Instance instance(String service, Map<String, String> labels) {
        return new Instance(
                service + "-" + port(),
                ServiceName.parse(service),
                new TreeMap<>(labels),
                "127.0.0.1",
                port());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
