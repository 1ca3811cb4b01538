// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.raw.BodyReader;
import io.weft.conformance.raw.Exchange;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Bodies pass as they come, and no faster than they are taken. */
abstract class StreamingCases extends MessageCases {

    /** Size of the large bodies in MiB; a drill may want more. */
    private static final long LARGE = Long.getLong("weft.conformance.large-mib", 64) << 20;

    /**
     * What may be on its way in the buffers of three sockets and a proxy. Linux lets a send buffer
     * grow to 4 MiB.
     */
    private static final long AHEAD = 24L << 20;

    private static final int SMALL_BUFFER = 64 * 1024;

    @Test
    protected void streamsAnswersAsTheyCome() throws IOException {
        CountDownLatch seen = new CountDownLatch(1);
        upstream.answerWith(
                exchange -> {
                    exchange.startChunks(200);
                    exchange.chunk("first");
                    seen.await();
                    exchange.chunk("last");
                    exchange.endChunks();
                });
        RawClient client = client();
        client.write(get("/"));
        BodyReader body = client.body(client.readHead(), "GET");
        byte[] first = new byte[5];
        for (int n = 0; n < first.length; ) {
            byte[] piece = new byte[first.length - n];
            int read = body.read(piece);
            System.arraycopy(piece, 0, first, n, read);
            n += read;
        }
        assertThat(first).asString().isEqualTo("first");
        seen.countDown();
        assertThat(body.readAll()).asString().isEqualTo("last");
    }

    @Test
    protected void streamsRequestsAsTheyCome() throws IOException {
        RawClient client = client();
        client.write(request("POST", "/p", "Content-Length: 9") + "first");
        await().until(() -> arrived("first"));
        client.write("last");
        assertThat(client.readResponse("POST").status()).isEqualTo(200);

        upstream.forget();
        client.write(request("POST", "/p", "Transfer-Encoding: chunked") + "5\r\nfirst\r\n");
        await().until(() -> arrived("first"));
        client.write("4\r\nlast\r\n0\r\n\r\n");
        assertThat(client.readResponse("POST").status()).isEqualTo(200);
        assertThat(upstream.requests().getFirst().body()).asString().isEqualTo("firstlast");
    }

    private boolean arrived(String body) {
        return upstream.requests().stream().anyMatch(r -> Wire.text(r.body()).equals(body));
    }

    @Test
    protected void readsNotFarAheadOfASlowClient() throws IOException {
        LongBody content = new LongBody(64L << 20);
        AtomicLong sent = new AtomicLong();
        upstream.answerWith(
                exchange -> {
                    exchange.startAnswer(200, "Content-Length: " + content.bytes());
                    content.writeTo((block, length) -> send(exchange, block, length, sent));
                });
        RawClient client = closing(RawClient.connect(proxy.address(), SMALL_BUFFER));
        client.write(get("/"));
        BodyReader body = client.body(client.readHead(), "GET");
        awaitStandstill(sent);

        assertThat(sent.get()).as("read ahead of the client").isLessThan(AHEAD);
        client.patience(Duration.ofSeconds(30));
        content.verify(body);
    }

    @Test
    protected void readsNotFarAheadOfASlowUpstream() throws Exception {
        LongBody content = new LongBody(64L << 20);
        CountDownLatch ready = new CountDownLatch(1);
        CompletableFuture<String> outcome = new CompletableFuture<>();
        upstream.answerWith(
                exchange -> {
                    ready.await();
                    outcome.complete(verified(content, exchange));
                    exchange.answer(200, "");
                });
        AtomicLong sent = new AtomicLong();
        RawClient client = client();
        client.write(request("POST", "/p", "Content-Length: " + content.bytes()));
        Thread writer =
                Thread.ofVirtual()
                        .start(
                                () ->
                                        unchecked(
                                                () ->
                                                        content.writeTo(
                                                                (block, n) -> {
                                                                    client.write(
                                                                            Arrays.copyOf(
                                                                                    block, n));
                                                                    sent.addAndGet(n);
                                                                })));
        await().until(() -> !upstream.requests().isEmpty());
        awaitStandstill(sent);

        assertThat(sent.get()).as("read ahead of the upstream").isLessThan(AHEAD);
        ready.countDown();
        client.patience(Duration.ofSeconds(30));
        assertThat(client.readResponse("POST").status()).isEqualTo(200);
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo("whole");
        writer.join();
    }

    @Test
    protected void bringsLargeAnswersWhole() throws IOException {
        LongBody content = new LongBody(LARGE);
        upstream.answerWith(
                exchange -> {
                    exchange.startAnswer(200, "Content-Length: " + content.bytes());
                    content.writeTo((block, n) -> exchange.write(Arrays.copyOf(block, n)));
                });
        long before = proxy.figures().directBytes();
        RawClient client = client().patience(Duration.ofSeconds(30));
        client.write(get("/"));
        content.verify(client.body(client.readHead(), "GET"));

        assertThat(proxy.figures().directBytes() - before).isLessThan(32 << 20);
        assertThat(client.exchange(request("DELETE", "/")).status()).isEqualTo(200);
    }

    @Test
    protected void bringsLargeRequestsWhole() throws Exception {
        LongBody content = new LongBody(LARGE);
        CompletableFuture<String> outcome = new CompletableFuture<>();
        upstream.answerWith(
                exchange -> {
                    outcome.complete(verified(content, exchange));
                    exchange.answer(200, "");
                });
        long before = proxy.figures().directBytes();
        RawClient client = client().patience(Duration.ofSeconds(30));
        client.write(request("POST", "/p", "Transfer-Encoding: chunked"));
        content.writeTo(
                (block, n) -> {
                    client.write(Integer.toHexString(n) + "\r\n");
                    client.write(Arrays.copyOf(block, n));
                    client.write("\r\n");
                });
        client.write("0\r\n\r\n");

        assertThat(client.readResponse("POST").status()).isEqualTo(200);
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isEqualTo("whole");
        assertThat(proxy.figures().directBytes() - before).isLessThan(32 << 20);
    }

    private static void send(Exchange exchange, byte[] block, int length, AtomicLong sent)
            throws IOException {
        exchange.write(Arrays.copyOf(block, length));
        sent.addAndGet(length);
    }

    private static String verified(LongBody content, Exchange exchange) {
        try {
            content.verify(exchange::readBody);
            return "whole";
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Returns once a sender has made no progress for half a second. */
    private static void awaitStandstill(AtomicLong sent) {
        long[] last = {-1};
        await().pollInterval(Duration.ofMillis(500))
                .until(
                        () -> {
                            long now = sent.get();
                            boolean still = now == last[0];
                            last[0] = now;
                            return still;
                        });
    }

    private interface Work {

        void run() throws IOException;
    }

    private static void unchecked(Work work) {
        try {
            work.run();
        } catch (IOException _) {
            // The other side is judged by what it says.
        }
    }
}
