// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.raw.BodyReader;
import io.weft.conformance.raw.CutMessage;
import io.weft.conformance.raw.Ending;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordedConnection;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The life of connections on both sides. */
abstract class ConnectionCases extends ForwardingFixture {

    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    protected void keepsConnectionsAliveOnBothSides() throws IOException {
        RawClient client = client();
        for (int i = 0; i < 20; i++) {
            assertThat(client.exchange(get("/" + i)).header("X-Echo-Target")).contains("/" + i);
        }
        assertThat(upstream.accepted()).isEqualTo(1);
    }

    @Test
    protected void answersPipelinedRequestsInOrder() throws IOException {
        upstream.answerWith(
                exchange -> {
                    if (exchange.head().target().equals("/0")) {
                        TimeUnit.MILLISECONDS.sleep(200);
                    }
                    Scripts.echo().serve(exchange);
                });
        RawClient client = client();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            all.append(
                    i % 2 == 0
                            ? get("/" + i)
                            : request("POST", "/" + i, "Content-Length: 3") + "abc");
        }
        client.write(all.toString());
        for (int i = 0; i < 50; i++) {
            assertThat(client.readResponse("GET").header("X-Echo-Target")).contains("/" + i);
        }
    }

    @Test
    protected void closesWhenTheClientAsksForIt() throws IOException {
        RawClient client = client();
        RawResponse response = client.exchange(request("GET", "/", "Connection: close"));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.head().keepsConnection()).isFalse();
        assertThat(client.awaitEnd()).isEqualTo(Ending.CLOSED);
        assertThat(upstream.requests().getFirst().header("Connection")).isEmpty();
    }

    @Test
    protected void servesClientsOfHttp10() throws IOException {
        upstream.answerWith(
                exchange -> {
                    exchange.readBody();
                    exchange.startChunks(200);
                    exchange.chunk("hel");
                    exchange.chunk("lo");
                    exchange.endChunks();
                });
        RawClient client = client();
        client.write(Wire.head("GET / HTTP/1.0", "Host: " + proxy.authority()));
        RawResponse response = client.readResponse("GET");

        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.header("Transfer-Encoding")).isEmpty();
        assertThat(client.awaitEnd()).isEqualTo(Ending.CLOSED);
        assertThat(upstream.requests().getFirst().head().version()).isEqualTo("HTTP/1.1");
    }

    @Test
    protected void understandsUpstreamsOfHttp10() throws IOException {
        upstream.answerWith(Scripts.rawThenClose("HTTP/1.0 200 OK\r\nX-Old: 1\r\n\r\nhello"));
        RawClient client = client();
        for (int i = 0; i < 3; i++) {
            RawResponse response = client.exchange(get("/"));
            assertThat(response.text()).isEqualTo("hello");
            assertThat(response.header("X-Old")).contains("1");
            assertThat(response.head().version()).isEqualTo("HTTP/1.1");
        }
    }

    @Test
    protected void doesNotReuseWhatTheUpstreamIsAboutToClose() throws IOException {
        upstream.answerWith(Scripts.text(200, "hello", "Connection: close"));
        RawClient client = client();
        for (int i = 0; i < 3; i++) {
            assertThat(client.exchange(get("/")).text()).isEqualTo("hello");
        }
        assertThat(upstream.accepted()).isEqualTo(3);
    }

    @Test
    protected void cancelsWhenTheClientLeavesBeforeTheAnswer() throws Exception {
        BlockingQueue<Optional<Ending>> ends = new LinkedBlockingQueue<>();
        upstream.answerWith(exchange -> ends.add(exchange.awaitPeerGone(SOON)));
        RawClient client = client();
        client.write(get("/"));
        await().until(() -> !upstream.requests().isEmpty());
        client.close();

        assertThat(ends.take()).as("how the proxy ended the connection").isPresent();
    }

    @Test
    protected void cancelsWhenTheClientLeavesInTheAnswer() throws Exception {
        BlockingQueue<Optional<Ending>> ends = new LinkedBlockingQueue<>();
        upstream.answerWith(
                exchange -> {
                    exchange.startChunks(200);
                    exchange.chunk("hello");
                    ends.add(exchange.awaitPeerGone(SOON));
                });
        RawClient client = client();
        client.write(get("/"));
        assertThat(client.readHead().status()).isEqualTo(200);
        client.reset();

        assertThat(ends.take()).as("how the proxy ended the connection").isPresent();
    }

    @Test
    protected void cancelsWhenTheClientLeavesInAnUpload() throws Exception {
        upstream.answerWith(Scripts.echo());
        RawClient client = client();
        client.write(request("POST", "/p", "Content-Length: 1000") + "hello");
        await().until(
                        () ->
                                !upstream.requests().isEmpty()
                                        && upstream.requests().getFirst().bodyBytes() == 5);
        client.reset();

        await().atMost(SOON).until(() -> upstream.connections().getFirst().ending().isPresent());
        assertThat(upstream.requests()).singleElement().matches(request -> !request.complete());
    }

    @Test
    protected void repeatsASafeRequestWhoseConnectionClosedAtReuse() throws IOException {
        upstream.answerWith(Scripts.closingOnReuse(Scripts.echo()));
        RawClient client = client();
        for (int i = 0; i < 10; i++) {
            RawResponse response = client.exchange(get("/" + i));
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("X-Echo-Target")).contains("/" + i);
        }
    }

    @Test
    protected void sendsAnUnsafeRequestOnceOnly() throws IOException {
        upstream.answerWith(Scripts.closingOnReuse(Scripts.echo()));
        for (int i = 0; i < 10; i++) {
            RawClient client = client();
            assertThat(client.exchange(get("/")).status()).isEqualTo(200);
            RawResponse response =
                    client.exchange(request("POST", "/" + i, "Content-Length: 5") + "hello");
            assertThat(response.status()).isIn(200, 502, 503);
        }
        assertThat(upstream.requests())
                .filteredOn(request -> request.method().equals("POST"))
                .extracting(RecordedRequest::target)
                .doesNotHaveDuplicates();
    }

    @Test
    protected void tellsACutAnswerFromAWholeOne() throws IOException {
        for (String cut :
                List.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(70_000),
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")) {
            upstream.answerWith(Scripts.rawThenClose(cut));
            RawClient client = client();
            client.write(get("/"));
            assertThatThrownBy(() -> client.readResponse("GET")).isInstanceOf(CutMessage.class);

            upstream.answerWith(Scripts.echo());
            assertThat(client().exchange(get("/next")).header("X-Echo-Target")).contains("/next");
        }
    }

    @Test
    protected void passesOnThatTheUpstreamResetInTheMiddle() throws IOException {
        CountDownLatch seen = new CountDownLatch(1);
        upstream.answerWith(
                exchange -> {
                    exchange.startChunks(200);
                    exchange.chunk("hello");
                    seen.await();
                    exchange.reset();
                });
        RawClient client = client();
        client.write(get("/"));
        BodyReader body = client.body(client.readHead(), "GET");
        assertThat(body.read(new byte[5])).isPositive();
        seen.countDown();
        assertThatThrownBy(body::readAll).isInstanceOf(CutMessage.class);

        upstream.answerWith(Scripts.echo());
        assertThat(client().exchange(get("/next")).header("X-Echo-Target")).contains("/next");
    }

    @Test
    protected void leavesNoConnectionToTheUpstreamBehindAnError() throws IOException {
        upstream.answerWith(Scripts.raw("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx"));
        assertThat(client().exchange(get("/")).status()).isEqualTo(502);
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(upstream.connections())
                                        .extracting(RecordedConnection::ending)
                                        .allMatch(Optional::isPresent));
    }
}
