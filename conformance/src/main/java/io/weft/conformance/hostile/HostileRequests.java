// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.conformance.fault.FaultProxy;
import io.weft.conformance.proxy.Endpoint;
import io.weft.conformance.proxy.Plane;
import io.weft.conformance.proxy.ProcessFigures;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.proxy.TestPolicies;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Sections A, B and C of the corpus: what clients send. */
abstract class HostileRequests extends HostileFixture {
    private static final String TLS_HANDSHAKE = "H-75.1";

    @TestFactory
    protected Stream<DynamicTest> framing() {
        return requests("framing.yml");
    }

    @TestFactory
    protected Stream<DynamicTest> targets() {
        return requests("targets.yml");
    }

    @TestFactory
    protected Stream<DynamicTest> forwarding() {
        return requests("forwarding.yml");
    }

    /** H-25. */
    @Test
    protected void reservesNothingForAPromise() throws IOException {
        ProcessFigures before = proxy.figures();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RawClient client = RawClient.connect(proxy.address());
            client.write(
                    Wire.head("POST /p HTTP/1.1", "Host: a.test", "Content-Length: 999999999"));
            clients.add(client);
        }
        assertThat(proxy.figures().directBytes() - before.directBytes()).isLessThan(LITTLE);
        for (RawClient client : clients) {
            assertThat(client.readResponse("POST").status()).isEqualTo(408);
            client.awaitEnd();
            client.close();
        }
        assertThat(upstream.requests()).noneMatch(RecordedRequest::complete);
    }

    /** H-67. */
    @Test
    protected void spendsLittleOnTinyChunks() throws Exception {
        int chunks = 1_000_000;
        try (RawClient client =
                RawClient.connect(proxy.address()).patience(Duration.ofSeconds(60))) {
            ProcessFigures before = proxy.figures();
            Thread writer = Thread.ofVirtual().start(() -> writeTinyChunks(client, chunks));
            RawResponse response = client.readResponse("POST");
            writer.join();
            if (response.status() == 200) {
                RecordedRequest seen = upstream.requests().getFirst();
                assertThat(seen.bodyBytes()).isEqualTo(chunks);
                assertThat(seen.departures()).isEmpty();
            } else {
                assertThat(response.status()).isIn(400, 413);
            }
            assertThat(proxy.figures().directBytes() - before.directBytes()).isLessThan(LITTLE);
        }
        canary.sing();
    }

    private static void writeTinyChunks(RawClient client, int chunks) {
        try {
            client.write(
                    Wire.head("POST /p HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked"));
            byte[] thousand = Wire.bytes("1\r\nZ\r\n".repeat(1000));
            for (int i = 0; i < chunks / 1000; i++) {
                client.write(thousand);
            }
            client.write("0\r\n\r\n");
        } catch (IOException _) {
            // Refused with 413 in the middle.
        }
    }

    /** H-83. */
    @Test
    protected void takesABodyThatDidNotWait() throws Exception {
        try (RawClient client = RawClient.connect(proxy.address())) {
            RawResponse response =
                    client.exchange(
                            Wire.head(
                                            "POST /p HTTP/1.1",
                                            "Host: a.test",
                                            "Content-Length: 5",
                                            "Expect: 100-continue")
                                    + "hello");
            assertThat(response.status()).isEqualTo(200);
            String path = Canary.newPath();
            RawResponse next = client.exchange(Canary.request(path));
            assertThat(Canary.answers(next, path)).as(next.toString()).isTrue();
        }
        List<RecordedRequest> seen =
                upstream.requests().stream().filter(request -> !Canary.isOne(request)).toList();
        assertThat(seen)
                .singleElement()
                .satisfies(r -> assertThat(r.body()).asString().isEqualTo("hello"));
    }

    /** H-85, known as 0.CL. */
    @Test
    protected void doesNotReuseAConnectionThatWaitsForABody() throws Exception {
        upstream.answerWith(
                exchange -> {
                    if (exchange.head().method().equals("POST")) {
                        exchange.answer(200, "");
                        // Whatever comes now is taken for a body: a canary would vanish in it.
                        exchange.awaitPeerGone(Duration.ofSeconds(10));
                    } else {
                        Scripts.echo().serve(exchange);
                    }
                });
        for (int i = 0; i < 10; i++) {
            try (RawClient client = RawClient.connect(proxy.address())) {
                client.write(
                        Wire.head(
                                "POST /p HTTP/1.1",
                                "Host: a.test",
                                "Content-Length: 40",
                                "Expect: 100-continue"));
                assertThat(client.readResponse("POST").status()).isEqualTo(200);
                canary.sing();
            }
        }
    }

    /** H-89. */
    @Test
    protected void answersTenThousandPipelinedRequestsInOrder() throws Exception {
        int requests = 10_000;
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < requests; i++) {
            all.append(Wire.head("GET /n/" + i + " HTTP/1.1", "Host: a.test"));
        }
        ProcessFigures before = proxy.figures();
        try (RawClient client =
                RawClient.connect(proxy.address()).patience(Duration.ofSeconds(30))) {
            Thread writer = Thread.ofVirtual().start(() -> write(client, all.toString()));
            for (int i = 0; i < requests; i++) {
                RawResponse response = client.readResponse("GET");
                assertThat(response.header("X-Echo-Target")).contains("/n/" + i);
            }
            writer.join();
        }
        assertThat(proxy.figures().directBytes() - before.directBytes()).isLessThan(LITTLE);
    }

    private static void write(RawClient client, String bytes) {
        try {
            client.write(bytes);
        } catch (IOException _) {
            // The reading side sees the end, and says so.
        }
    }

    /** X-09, a proxy that is its own upstream. */
    @Test
    protected void stopsALoopThroughItself() throws Exception {
        ProxyUnderTest looping = launch();
        try (FaultProxy tap = FaultProxy.start(looping.address())) {
            looping.updateEndpoints(ProxySpec.APP, List.of(Endpoint.of(tap.address())));
            assertThat(get(looping, "/").status()).isEqualTo(508);
            assertThat(tap.accepted()).isBetween(1, 3);
        }
    }

    /** X-09, two proxies that point at each other. */
    @Test
    protected void stopsALoopThroughAnother() throws Exception {
        ProxyUnderTest one = launch();
        ProxyUnderTest other = launch(Endpoint.of(one.address()));
        try (FaultProxy tap = FaultProxy.start(other.address())) {
            one.updateEndpoints(ProxySpec.APP, List.of(Endpoint.of(tap.address())));
            assertThat(get(one, "/").status()).isEqualTo(508);
            assertThat(tap.accepted()).isBetween(1, 3);
        }
    }

    /** U-03: an address in a request is a name, and nobody is called by it. */
    @Test
    protected void callsNobodyThatARequestNames() throws Exception {
        try (ServerSocket trap = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + trap.getLocalPort();
            for (String head :
                    List.of(
                            Wire.head("GET http://" + address + "/x HTTP/1.1", "Host: " + address),
                            Wire.head("GET http://" + address + "/x HTTP/1.1", "Host: a.test"),
                            Wire.head("GET /x HTTP/1.1", "Host: " + address),
                            Wire.head("CONNECT " + address + " HTTP/1.1", "Host: " + address),
                            Wire.head(
                                    "GET /x HTTP/1.1",
                                    "Host: a.test",
                                    "X-Forwarded-Host: " + address,
                                    "Forwarded: host=\"" + address + '"'))) {
                try (RawClient client = RawClient.connect(proxy.address())) {
                    client.exchange(head);
                }
            }
            trap.setSoTimeout(300);
            assertThatThrownBy(trap::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** U-21: what a pattern costs is a matter of the path's length alone. */
    @Test
    protected void matchesPatternsInLinearTime() throws Exception {
        Assumptions.assumeTrue(proxy.plane().routes(), "what is brought inside has no route");
        String usual = "/public/" + "a".repeat(43);
        Duration without = fastest(usual);
        proxy.updatePolicy(TestPolicies.matching("^/(a+)+$"));
        try {
            assertThat(get(proxy, "/aaa").status()).isEqualTo(200);
            assertThat(get(proxy, "/" + "a".repeat(50) + "!").status()).isEqualTo(404);
            Duration with = fastest("/" + "a".repeat(50) + "!");
            assertThat(with.minus(without)).isLessThan(Duration.ofMillis(1));
        } finally {
            proxy.updatePolicy(TestPolicies.open());
        }
    }

    /** Of some: what is slower has waited for the machine. */
    private Duration fastest(String path) throws IOException {
        long least = Long.MAX_VALUE;
        try (RawClient client = RawClient.connect(proxy.address())) {
            for (int i = 0; i < 50; i++) {
                long begun = System.nanoTime();
                client.exchange(Wire.head("GET " + path + " HTTP/1.1", "Host: a.test"));
                least = Math.min(least, System.nanoTime() - begun);
            }
        }
        return Duration.ofNanos(least);
    }

    /** X-11. */
    @Test
    protected void evaluatesNothing() throws Exception {
        try (ServerSocket trap = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                RawClient client = RawClient.connect(proxy.address())) {
            String bait = "${jndi:ldap://127.0.0.1:" + trap.getLocalPort() + "/x}";
            client.exchange(
                    Wire.head(
                            "GET / HTTP/1.1",
                            "Host: a.test",
                            "User-Agent: " + bait,
                            "X-Data: " + bait));
            trap.setSoTimeout(300);
            assertThatThrownBy(trap::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    private Stream<DynamicTest> requests(String file) {
        RequestTrial trial = new RequestTrial(proxy, upstream, canary);
        Stream<DynamicTest> leftOut =
                VectorFile.leftOut(file).entrySet().stream()
                        .map(e -> row(e.getKey(), "", () -> Assumptions.abort(e.getValue())));
        Stream<DynamicTest> judged =
                VectorFile.requests(file).stream()
                        .map(v -> row(v.id(), v.note(), () -> judge(trial, v)));
        return Stream.concat(judged, leftOut);
    }

    private void judge(RequestTrial trial, Vector vector) throws IOException, InterruptedException {
        Assumptions.assumeFalse(
                proxy.plane() == Plane.INBOUND && vector.id().equals(TLS_HANDSHAKE),
                "where TLS is spoken that is no malformed request");
        trial.judge(vector);
    }
}
