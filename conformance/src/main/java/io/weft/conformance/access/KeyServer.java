// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.access;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** Publishes keys on a port of its own, well or badly. Whoever starts it closes it. */
public final class KeyServer implements AutoCloseable {

    /** What it says to whoever asks. */
    @FunctionalInterface
    public interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Answer answer;

    private KeyServer(HttpServer server, Answer answer) {
        this.server = server;
        this.answer = answer;
    }

    public static KeyServer publishing(SigningKey... keys) throws IOException {
        return on(0, keys);
    }

    /**
     * @param port 0 for any
     */
    public static KeyServer on(int port, SigningKey... keys) throws IOException {
        return start(HttpServer.create(local(port), 0), keys);
    }

    /**
     * Over TLS.
     *
     * @param port 0 for any
     */
    public static KeyServer on(int port, SSLContext tls, SigningKey... keys) throws IOException {
        HttpsServer server = HttpsServer.create(local(port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return start(server, keys);
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static KeyServer start(HttpServer server, SigningKey... keys) {
        var publishing = new KeyServer(server, text(200, jwks(keys), Map.of()));
        server.setExecutor(publishing.threads);
        server.createContext("/", publishing::handle);
        server.start();
        return publishing;
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            answer.to(exchange);
        }
    }

    /** The keys as a set (RFC 7517 §5). */
    public static String jwks(SigningKey... keys) {
        return Stream.of(keys)
                .map(SigningKey::jwk)
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    /** An answer of that status and text. */
    public static Answer text(int status, String text, Map<String, String> headers) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return exchange -> {
            headers.forEach(
                    (name, value) -> exchange.getResponseHeaders().put(name, List.of(value)));
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        };
    }

    public void publish(SigningKey... keys) {
        answer(text(200, jwks(keys), Map.of()));
    }

    public void answer(Answer answer) {
        this.answer = answer;
    }

    /** How often it was asked. */
    public int requests() {
        return requests.get();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public URI url() {
        String scheme = server instanceof HttpsServer ? "https" : "http";
        return URI.create(scheme + "://127.0.0.1:" + port() + "/jwks");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
