// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.raw.CutMessage;
import io.weft.conformance.raw.Ending;
import io.weft.conformance.raw.Exchange;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Script;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Judges what a proxy makes of one broken answer: what the client sees, that the connection it came
 * on is not used again, that nobody else is hurt, and all of that however the bytes are cut.
 */
final class UpstreamTrial {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final InetSocketAddress proxy;
    private final Canary canary;
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();

    UpstreamTrial(ProxyUnderTest proxy, RecordingUpstream upstream, Canary canary) {
        this.proxy = proxy.address();
        this.canary = canary;
        upstream.answerWith(
                exchange ->
                        scripts.getOrDefault(exchange.head().target(), Scripts.echo())
                                .serve(exchange));
    }

    void judge(UpstreamVector vector) throws IOException, InterruptedException {
        judge(vector, List.of(new Delivery.Whole()));
        judge(vector, Delivery.splits(vector.id(), vector.sends()));
    }

    private void judge(UpstreamVector vector, List<Delivery> ways)
            throws IOException, InterruptedException {
        List<Optional<String>> objections = objections(vector, ways);
        for (int i = 0; i < ways.size(); i++) {
            Delivery way = ways.get(i);
            assertThat(objections.get(i))
                    .as(() -> Wire.shown(Wire.bytes(vector.sends())) + "\nsent " + way)
                    .isEmpty();
        }
        canary.sing();
    }

    /**
     * One at a time where a whole answer comes before the bytes that are wrong: until those arrive,
     * no proxy can know that the connection must not be used for somebody else.
     */
    private List<Optional<String>> objections(UpstreamVector vector, List<Delivery> ways)
            throws InterruptedException {
        if (vector.expected().status().isEmpty() || vector.sound()) {
            return Crowd.each(ways, way -> objection(vector, way));
        }
        return ways.stream().map(way -> objection(vector, way)).toList();
    }

    private Optional<String> objection(UpstreamVector vector, Delivery way) {
        String path = "/broken/" + NUMBERS.incrementAndGet();
        CompletableFuture<Optional<Ending>> end = new CompletableFuture<>();
        scripts.put(path, exchange -> answer(exchange, vector, way, end));
        try {
            return client(vector, path, end);
        } finally {
            scripts.remove(path);
        }
    }

    /** Sends the bytes; how the proxy then ends the connection goes to {@code end}. */
    private static void answer(
            Exchange exchange,
            UpstreamVector vector,
            Delivery way,
            CompletableFuture<Optional<Ending>> end)
            throws IOException {
        exchange.readBody();
        try {
            write(exchange, Wire.bytes(vector.sends()), way);
            switch (vector.then()) {
                case CLOSE -> exchange.close();
                case RESET -> exchange.reset();
                case KEEP -> {
                    if (!vector.sound()) {
                        end.complete(exchange.awaitPeerGone(PATIENCE));
                    }
                }
            }
            end.complete(Optional.of(Ending.CLOSED));
        } catch (IOException e) {
            // The proxy ended the connection while we were still sending.
            end.complete(Optional.of(Ending.RESET));
            throw e;
        }
    }

    private static void write(Exchange exchange, byte[] bytes, Delivery way) throws IOException {
        if (way instanceof Delivery.Split(int boundary)) {
            exchange.write(Arrays.copyOf(bytes, boundary));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            exchange.write(Arrays.copyOfRange(bytes, boundary, bytes.length));
        } else {
            exchange.write(bytes);
        }
    }

    private Optional<String> client(
            UpstreamVector vector, String path, CompletableFuture<Optional<Ending>> end) {
        try (RawClient client = RawClient.connect(proxy).patience(PATIENCE)) {
            client.write(Wire.head(vector.method() + " " + path + " HTTP/1.1", "Host: a.test"));
            RawResponse response = client.readResponse(vector.method());
            return objection(vector, response)
                    .or(() -> discarded(vector, end))
                    .or(() -> next(client, response));
        } catch (CutMessage e) {
            return vector.expected().cut()
                    ? discarded(vector, end)
                    : Optional.of("client saw " + e);
        } catch (IOException e) {
            return Optional.of("client saw " + e);
        }
    }

    private static Optional<String> objection(UpstreamVector vector, RawResponse response) {
        UpstreamVector.Outcome expected = vector.expected();
        if (response.status() == 502 && expected.badGateway()) {
            return vector.method().equals("HEAD") ? Optional.empty() : Problem.objection(response);
        }
        if (!expected.status().equals(Optional.of(response.status()))) {
            return Optional.of("client saw " + response);
        }
        if (vector.body().filter(body -> !body.equals(response.text())).isPresent()) {
            return Optional.of("client saw another body: " + response);
        }
        if (response.trailers().has("Content-Length")) {
            return Optional.of("client saw a length in trailers: " + response);
        }
        for (String name : vector.lacks()) {
            if (response.head().fields().has(name) || response.trailers().has(name)) {
                return Optional.of("client saw " + name + ": " + response);
            }
        }
        return Optional.empty();
    }

    /** What is wrong with the next request on the same connection, if there may be one. */
    private static Optional<String> next(RawClient client, RawResponse response) {
        try {
            if (!response.head().keepsConnection()) {
                client.awaitEnd();
                return Optional.empty();
            }
            String path = Canary.newPath();
            RawResponse next = client.exchange(Canary.request(path));
            return Canary.answers(next, path)
                    ? Optional.empty()
                    : Optional.of("the next request got " + next);
        } catch (IOException e) {
            return Optional.of("the next request saw " + e);
        }
    }

    private static Optional<String> discarded(
            UpstreamVector vector, CompletableFuture<Optional<Ending>> end) {
        try {
            return vector.sound() || end.get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS).isPresent()
                    ? Optional.empty()
                    : Optional.of("the proxy keeps the connection");
        } catch (ExecutionException | TimeoutException e) {
            return Optional.of("the upstream did not finish: " + e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }
}
