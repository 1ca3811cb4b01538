// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import io.weft.conformance.raw.NoMessage;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Innocent clients with kept connections. Each asks for something nobody else asks for; if any of
 * them gets something else, two requests or responses were mixed up behind the proxy.
 */
final class Canary implements AutoCloseable {

    /** Where everybody may, whatever policy the suite has in force. */
    static final String PATH = "/public/canary/";

    private static final AtomicLong NUMBERS = new AtomicLong();

    /** More than a proxy has event loops, so that the pool of every loop is looked at. */
    private static final int CLIENTS = 6;

    private final InetSocketAddress proxy;
    private final List<RawClient> clients = new ArrayList<>();

    Canary(InetSocketAddress proxy) {
        this.proxy = proxy;
    }

    /** A path that no one has asked for before. */
    static String newPath() {
        return PATH + NUMBERS.incrementAndGet();
    }

    static String request(String path) {
        return Wire.head("GET " + path + " HTTP/1.1", "Host: a.test");
    }

    static boolean isOne(RecordedRequest request) {
        return request.target().startsWith(PATH);
    }

    /** Whether this answers the canary of that path and no other. */
    static boolean answers(RawResponse response, String path) {
        return response.status() == 200 && response.header("X-Echo-Target").orElse("").equals(path);
    }

    /** Sends one request from every client; whatever is not its own answer is an error. */
    void sing() throws IOException {
        for (int i = 0; i < CLIENTS; i++) {
            if (clients.size() == i) {
                clients.add(RawClient.connect(proxy));
            }
            String path = newPath();
            RawResponse response = ask(i, path);
            if (!answers(response, path)) {
                throw new AssertionError(
                        "an innocent client asked " + path + " and got " + response);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        clients.clear();
    }

    /** An idle connection may be closed at any time: that alone is no fault. */
    private RawResponse ask(int index, String path) throws IOException {
        try {
            return clients.get(index).exchange(request(path));
        } catch (NoMessage _) {
            clients.get(index).close();
            clients.set(index, RawClient.connect(proxy));
            return clients.get(index).exchange(request(path));
        }
    }
}
