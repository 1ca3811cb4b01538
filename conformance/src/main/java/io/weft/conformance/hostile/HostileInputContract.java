// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.fault.SynBlackHole;
import io.weft.conformance.proxy.Endpoint;
import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.proxy.TestPolicies;
import io.weft.conformance.raw.Exchange;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.Script;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What every proxy does with hostile input, row by row of the corpus in the files beside this
 * class. A host says in {@link #start} how its proxy is started; what it cannot do yet it overrides
 * as a disabled test with the reason, or names in {@link #gaps}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public abstract class HostileInputContract extends HostileRequests {

    private static final String TIMED = "to: { app: 100 }, timeout: { request: 700ms }";

    // Section I: what upstreams send.

    @TestFactory
    protected Stream<DynamicTest> brokenUpstreams() {
        return VectorFile.answers("upstream.yml").stream()
                .map(
                        v ->
                                row(
                                        v.id(),
                                        v.note(),
                                        () -> new UpstreamTrial(proxy, upstream, canary).judge(v)));
    }

    /** E-07, accepted and never answered. */
    @Test
    protected void givesUpOnSilence() throws Exception {
        givesUpOn(Scripts.silence());
    }

    /** E-07, one byte at a time for ever. */
    @Test
    protected void givesUpOnATrickle() throws Exception {
        givesUpOn(HostileInputContract::trickle);
    }

    /** E-07, the network swallows every SYN. */
    @Test
    protected void givesUpOnAConnectBlackHole() throws Exception {
        try (SynBlackHole hole = SynBlackHole.open()) {
            ProxyUnderTest lost = launch(Endpoint.of(hole.address()));
            assertThat(get(lost, "/").status()).isIn(503, 504);
        }
    }

    /** E-07, a FIN and then a RST on what is half closed by then (CVE-2026-42577). */
    @Test
    protected void restsAfterAHalfClosedConnectionWasReset() throws Exception {
        upstream.answerWith(
                exchange -> {
                    exchange.readBody();
                    exchange.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                    exchange.finishWriting();
                    exchange.reset();
                });
        for (int i = 0; i < 50; i++) {
            try (RawClient client = RawClient.connect(proxy.address())) {
                client.write(Wire.head("GET / HTTP/1.1", "Host: a.test"));
                client.readUntilClose();
            }
        }
        assertRests();
        upstream.answerWith(Scripts.echo());
        canary.sing();
    }

    /** E-09, the upstream has heard enough and says so. */
    @Test
    protected void deliversAnAnswerThatComesBeforeTheBodyEnded() throws Exception {
        upstream.answerWith(
                answeringEarly(
                        exchange -> {
                            exchange.finishWriting();
                            exchange.awaitPeerGone(Duration.ofSeconds(10));
                        }));
        assertThat(upload()).isEqualTo(413);
        assertThat(posts()).isEqualTo(1);
        canary.sing();
    }

    /** E-09, the same, and the rest of the body meets a RST, which may destroy the answer. */
    @Test
    protected void survivesAnUpstreamThatAnswersAndSlamsTheDoor() throws Exception {
        upstream.answerWith(answeringEarly(Exchange::close));
        for (int i = 0; i < 20; i++) {
            assertThat(upload()).isIn(413, 502);
        }
        assertThat(posts()).isEqualTo(20);
        canary.sing();
    }

    // What holds for all of it.

    /** O4: RSS, descriptors, direct memory and threads come back to where they were. */
    @Test
    @Order(Integer.MAX_VALUE)
    protected void leavesNothingBehind() throws Exception {
        List<Vector> corpus = new ArrayList<>();
        for (String file : List.of("framing.yml", "targets.yml", "forwarding.yml")) {
            corpus.addAll(VectorFile.requests(file));
        }
        Storm storm = new Storm(corpus, 20261122);
        storm.rage(proxy.address(), 3_000);
        canary.sing();
        Residue residue = Residue.settled(proxy);
        storm.rage(proxy.address(), 6_000);
        canary.sing();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(residue.of(proxy.figures())).isEmpty());
    }

    /** O5: nothing secret is in the log, and no input makes a stack trace. */
    @Test
    @Order(Integer.MAX_VALUE)
    protected void logsNoSecretAndNoStackTrace() {
        assertThat(proxy.log()).noneMatch(line -> line.contains("s3cret-marker"));
        assertThat(proxy.log()).noneMatch(line -> line.startsWith("\tat "));
    }

    private void givesUpOn(Script script) throws Exception {
        Assumptions.assumeTrue(
                proxy.plane().routes(),
                "the request timeout comes from a route, which inbound has not");
        upstream.answerWith(script);
        proxy.updatePolicy(TestPolicies.toApp(TIMED));
        try {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RawClient client = RawClient.connect(proxy.address());
                client.write(Wire.head("GET / HTTP/1.1", "Host: a.test"));
                clients.add(client);
            }
            for (RawClient client : clients) {
                assertThat(client.readResponse("GET").status()).isEqualTo(504);
                client.close();
            }
            await().untilAsserted(
                            () ->
                                    assertThat(upstream.connections())
                                            .allMatch(c -> c.ending().isPresent()));
            assertRests();
        } finally {
            proxy.updatePolicy(TestPolicies.open());
        }
        upstream.answerWith(Scripts.echo());
        canary.sing();
    }

    private static void trickle(Exchange exchange) throws IOException, InterruptedException {
        exchange.readBody();
        exchange.write("HTTP/1.1 200 OK\r\nX: ");
        while (exchange.awaitPeerGone(Duration.ofMillis(20)).isEmpty()) {
            exchange.write("x");
        }
    }

    private static Script answeringEarly(Script ending) {
        return exchange -> {
            if (exchange.head().method().equals("POST")) {
                exchange.answer(413, "", "Connection: close");
                ending.serve(exchange);
            } else {
                Scripts.echo().serve(exchange);
            }
        };
    }

    /** The status of a POST with 4 MiB. */
    private int upload() throws Exception {
        byte[] body = new byte[4 << 20];
        try (RawClient client = RawClient.connect(proxy.address())) {
            client.write(
                    Wire.head(
                            "POST /p HTTP/1.1", "Host: a.test", "Content-Length: " + body.length));
            Thread writer = Thread.ofVirtual().start(() -> writeSome(client, body));
            RawResponse response = client.readResponse("POST");
            client.reset();
            writer.join();
            return response.status();
        }
    }

    private static void writeSome(RawClient client, byte[] body) {
        try {
            client.write(body);
        } catch (IOException _) {
            // Nobody wanted the rest.
        }
    }

    private long posts() {
        return upstream.requests().stream().filter(r -> r.method().equals("POST")).count();
    }

    /**
     * While nothing is asked of it the process takes less than half a core; one of three tries
     * counts.
     */
    private void assertRests() {
        await().atMost(Duration.ofSeconds(5))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(
                        () -> {
                            Duration before = proxy.figures().cpu();
                            long start = System.nanoTime();
                            TimeUnit.MILLISECONDS.sleep(400);
                            long spent = proxy.figures().cpu().minus(before).toNanos();
                            assertThat(spent / (double) (System.nanoTime() - start))
                                    .isLessThan(0.5);
                        });
    }
}
