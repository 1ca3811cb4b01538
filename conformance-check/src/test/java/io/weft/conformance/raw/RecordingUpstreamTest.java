// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordingUpstreamTest {

    private RecordingUpstream upstream;
    private RawClient client;

    @BeforeEach
    void connect() throws IOException {
        upstream = RecordingUpstream.start();
        client = RawClient.connect(upstream.address());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        upstream.close();
    }

    @Test
    void echoesWhatItSaw() throws IOException {
        RawResponse response =
                client.exchange(
                        "POST /p HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhe\"lo");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("X-Upstream")).contains("app");
        assertThat(response.header("X-Echo-Target")).contains("/p");
        assertThat(response.text())
                .isEqualTo(
                        "{\"method\":\"POST\",\"target\":\"/p\","
                                + "\"fields\":[\"Host: a.test\",\"Content-Length: 5\"],"
                                + "\"body\":\"he\\u0022lo\"}");
    }

    @Test
    void recordsExactBytesOfEveryRequest() throws IOException {
        String first = "GET /1 HTTP/1.1\r\nhost:a.test\r\n\r\n";
        String second =
                Wire.head("POST /2 HTTP/1.1", "Host: a.test", "Transfer-Encoding: chunked")
                        + "1;x=y\r\nZ\r\n0\r\n\r\n";
        client.exchange(first);
        client.exchange(second);

        assertThat(upstream.requests())
                .extracting(request -> Wire.text(request.raw()))
                .containsExactly(first, second);
        assertThat(upstream.requests().getFirst().departures()).isEmpty();
        assertThat(upstream.requests().getLast().departures())
                .containsExactly("chunk extension: 1;x=y");
        assertThat(upstream.requests()).extracting(RecordedRequest::connection).containsOnly(1);
    }

    @Test
    void reportsConnectionsThatAreNotHttp() throws IOException {
        client.write("GET / HTTP/1.1\nHost: a.test\n\n");
        client.readUntilClose();

        await().untilAsserted(
                        () ->
                                assertThat(upstream.connections().getFirst().malformed())
                                        .contains("bare LF in request line"));
    }

    @Test
    void reportsRequestsThatNeverEnded() throws IOException {
        client.write("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhe");
        client.reset();

        await().until(() -> upstream.connections().getFirst().ending().isPresent());
        RecordedRequest request = upstream.requests().getFirst();
        assertThat(request.complete()).isFalse();
        assertThat(Wire.text(request.body())).isEqualTo("he");
    }

    @Test
    void streamsByScript() throws IOException {
        upstream.answerWith(
                exchange -> {
                    exchange.startChunks(200, "Trailer: X-Sum");
                    exchange.chunk("hello");
                    exchange.endChunks("X-Sum: 1");
                });
        RawResponse response = client.exchange("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");

        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.trailers().first("x-sum")).contains("1");
    }

    @Test
    void closesOnReuse() throws IOException {
        upstream.answerWith(Scripts.closingOnReuse(Scripts.echo()));
        client.exchange("GET /1 HTTP/1.1\r\nHost: a.test\r\n\r\n");

        assertThatThrownBy(() -> client.exchange("GET /2 HTTP/1.1\r\nHost: a.test\r\n\r\n"))
                .isInstanceOf(NoMessage.class);
    }

    @Test
    void learnsThatTheClientLeft() throws IOException, InterruptedException {
        BlockingQueue<Optional<Ending>> seen = new LinkedBlockingQueue<>();
        upstream.answerWith(exchange -> seen.add(exchange.awaitPeerGone(Duration.ofSeconds(5))));
        client.write("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
        await().until(() -> !upstream.requests().isEmpty());
        client.reset();

        assertThat(seen.take()).contains(Ending.RESET);
    }

    @Test
    void tellsInterimResponsesFromFinalOnes() throws IOException {
        upstream.answerWith(
                exchange -> {
                    exchange.write("HTTP/1.1 100 Continue\r\n\r\n");
                    exchange.readBody();
                    exchange.answer(201, "");
                });
        client.write(
                "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
        assertThat(client.readHead().status()).isEqualTo(100);
        client.write("x");

        assertThat(client.readResponse("POST").status()).isEqualTo(201);
    }

    @Test
    void remembersScriptsThatFail() {
        upstream.answerWith(
                exchange -> {
                    throw new IllegalStateException("a broken fixture");
                });
        assertThatThrownBy(() -> client.exchange("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"))
                .isInstanceOf(NoMessage.class);
        await().until(() -> upstream.failures().size() == 1);
    }
}
