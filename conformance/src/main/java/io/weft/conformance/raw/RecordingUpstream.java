// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * A real upstream on a free loopback port that keeps what reaches it, byte for byte, and answers by
 * script. It judges every request with a strict reader of its own.
 */
public final class RecordingUpstream implements AutoCloseable {

    private static final int BACKLOG = 1024;

    private final String name;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Recordings recordings = new Recordings();
    private volatile Script script;

    private RecordingUpstream(String name, ServerSocket listener, Script script) {
        this.name = name;
        this.listener = listener;
        this.script = script;
    }

    /** An upstream that echoes, called {@code app}. */
    public static RecordingUpstream start() throws IOException {
        return start("app", Scripts.echo());
    }

    /** Starts accepting at once; the name comes back in X-Upstream of every scripted answer. */
    public static RecordingUpstream start(String name, Script script) throws IOException {
        return start(name, script, new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
    }

    /** One that answers by mutual TLS alone. */
    public static RecordingUpstream start(String name, Script script, SSLContext tls)
            throws IOException {
        var listener =
                (SSLServerSocket)
                        tls.getServerSocketFactory()
                                .createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        listener.setNeedClientAuth(true);
        return start(name, script, listener);
    }

    private static RecordingUpstream start(String name, Script script, ServerSocket listener) {
        RecordingUpstream upstream = new RecordingUpstream(name, listener, script);
        Thread.ofVirtual().name("upstream-" + name).start(upstream::accept);
        return upstream;
    }

    public String name() {
        return name;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Changes the behaviour for all requests whose head has not come yet. */
    public void answerWith(Script script) {
        this.script = script;
    }

    /** The requests since the last {@link #forget}, oldest first, incomplete ones included. */
    public List<RecordedRequest> requests() {
        return recordings.requests();
    }

    /** The connections accepted since the last {@link #forget}, and older ones that went wrong. */
    public List<RecordedConnection> connections() {
        return recordings.connections();
    }

    /** How many connections were ever accepted. */
    public int accepted() {
        return accepted.get();
    }

    /** Exceptions of scripts; a test that ignores them believes a broken fixture. */
    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** Starts a new recording. */
    public void forget() {
        recordings.clear();
    }

    /** Closes the listener and every connection. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                RecordedConnection connection = new RecordedConnection(accepted.incrementAndGet());
                recordings.add(connection);
                Thread.ofVirtual().start(() -> serve(socket, connection));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    failures.add(e);
                }
            }
        }
    }

    private void serve(Socket socket, RecordedConnection connection) {
        try (socket) {
            socket.setTcpNoDelay(true);
            serve(socket, new WireReader(socket.getInputStream()), connection);
        } catch (IOException _) {
            // The peer left in the middle: the request stays incomplete, which is the record of it.
        } catch (InterruptedException | RuntimeException | AssertionError e) {
            failures.add(e);
        } finally {
            open.remove(socket);
        }
    }

    private void serve(Socket socket, WireReader in, RecordedConnection connection)
            throws IOException, InterruptedException {
        try {
            boolean more = true;
            for (int ordinal = 1; more; ordinal++) {
                more = serveOne(socket, in, connection, ordinal);
            }
        } catch (NoMessage e) {
            connection.endedBy(e.ending());
        } catch (CutMessage e) {
            connection.endedBy(e.ending());
        } catch (MalformedMessage e) {
            connection.malformed(String.valueOf(e.getMessage()), in.kept());
            recordings.keep(connection);
        }
    }

    private boolean serveOne(
            Socket socket, WireReader in, RecordedConnection connection, int ordinal)
            throws IOException, InterruptedException {
        RequestHead head = head(in, connection);
        RecordedRequest request = new RecordedRequest(connection.number(), head, in.kept());
        recordings.add(request);
        BodyReader body = new BodyReader(in, Framing.of(head));
        Exchange exchange = new Exchange(socket, in, body, request, connection, name, ordinal);
        script.serve(exchange);
        if (exchange.over()) {
            return false;
        }
        exchange.readBody();
        return true;
    }

    private static RequestHead head(WireReader in, RecordedConnection connection)
            throws IOException {
        try {
            return new HeadReader(in).request();
        } catch (CutMessage e) {
            connection.fragment(in.kept());
            throw e;
        }
    }
}
