// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.raw.Ending;
import io.weft.conformance.raw.Framing;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.Scripts;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What messages look like on the other side. */
abstract class MessageCases extends ConnectionCases {

    @Test
    protected void changesNothingThatIsNotItsBusiness() throws IOException {
        upstream.answerWith(
                Scripts.text(
                        299,
                        "body",
                        "Set-Cookie: a=1",
                        "X-One: x,y",
                        "Set-Cookie: b=2",
                        "Server: mine"));
        RawResponse response =
                client().exchange(
                                request(
                                                "POST",
                                                "/a/b?c=%2f;d&e=+",
                                                "Accept: a, b",
                                                "X-Twice: 1",
                                                "Cookie: x=y; z",
                                                "X-Twice: 2",
                                                "Authorization: Basic eDp5",
                                                "X-Empty:",
                                                "Content-Type: text/plain",
                                                "Content-Length: 5")
                                        + "hello");
        RecordedRequest seen = upstream.requests().getFirst();

        assertThat(seen.departures()).isEmpty();
        assertThat(seen.method()).isEqualTo("POST");
        assertThat(seen.target()).isEqualTo("/a/b?c=%2f;d&e=+");
        assertThat(seen.body()).asString().isEqualTo("hello");
        assertThat(seen.header("Host")).contains(proxy.authority());
        assertThat(seen.header("Accept")).contains("a, b");
        assertThat(seen.header("Cookie")).contains("x=y; z");
        assertThat(seen.header("Authorization")).contains("Basic eDp5");
        assertThat(seen.header("X-Empty")).contains("");
        assertThat(seen.header("Content-Length")).contains("5");
        assertThat(seen.head().fields().all("X-Twice")).containsExactly("1", "2");
        assertThat(response.status()).isEqualTo(299);
        assertThat(response.text()).isEqualTo("body");
        assertThat(response.head().fields().all("Set-Cookie")).containsExactly("a=1", "b=2");
        assertThat(response.header("X-One")).contains("x,y");
        assertThat(response.header("Server")).contains("mine");
    }

    @Test
    protected void namesItselfAndTheClient() throws IOException {
        client().exchange(request("GET", "/", "Via: 1.1 before", "X-Forwarded-For: 6.6.6.6"));
        RecordedRequest seen = upstream.requests().getFirst();

        String via = String.join(", ", seen.head().fields().all("Via"));
        assertThat(via).startsWith("1.1 before, ").matches("1\\.1 before, 1\\.1 [^ ,]+");
        assertThat(seen.head().fields().all("X-Forwarded-For")).containsExactly("127.0.0.1");
    }

    @Test
    protected void passesErrorsOfTheUpstreamOn() throws IOException {
        for (int status : new int[] {400, 404, 429, 500, 503}) {
            upstream.answerWith(Scripts.text(status, "theirs", "X-Mine: 1"));
            RawResponse response = client().exchange(get("/"));
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.text()).isEqualTo("theirs");
            assertThat(response.header("X-Mine")).contains("1");
        }
    }

    @Test
    protected void carriesChunksAndTrailersBothWays() throws IOException {
        upstream.answerWith(
                exchange -> {
                    exchange.readBody();
                    exchange.startChunks(200, "Trailer: X-Sum");
                    exchange.chunk("hel");
                    exchange.chunk("lo");
                    exchange.endChunks("X-Sum: down");
                });
        RawClient client = client();
        client.write(request("POST", "/p", "Transfer-Encoding: chunked"));
        client.write("3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-Sum: up\r\n\r\n");
        RawResponse response = client.readResponse("POST");

        RecordedRequest seen = upstream.requests().getFirst();
        assertThat(seen.body()).asString().isEqualTo("abcdefg");
        assertThat(seen.trailers().first("X-Sum")).contains("up");
        assertThat(seen.departures()).isEmpty();
        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.trailers().first("X-Sum")).contains("down");
    }

    @Test
    protected void sendsNoBodyWhereNoneBelongs() throws IOException {
        RawClient client = client();
        upstream.answerWith(Scripts.text(200, "hello"));
        client.write(request("HEAD", "/"));
        RawResponse head = client.readResponse("HEAD");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Length")).contains("5");

        upstream.answerWith(Scripts.raw("HTTP/1.1 204 No Content\r\n\r\n"));
        RawResponse noContent = client.exchange(get("/"));
        assertThat(noContent.status()).isEqualTo(204);
        assertThat(noContent.header("Content-Length")).isEmpty();
        assertThat(noContent.header("Transfer-Encoding")).isEmpty();

        upstream.answerWith(
                Scripts.raw(
                        "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 5\r\n\r\n"));
        RawResponse notModified = client.exchange(get("/"));
        assertThat(notModified.status()).isEqualTo(304);
        assertThat(notModified.header("ETag")).contains("\"x\"");

        upstream.answerWith(Scripts.echo());
        assertThat(client.exchange(get("/next")).header("X-Echo-Target")).contains("/next");
    }

    @Test
    protected void framesEmptyBodies() throws IOException {
        RawClient client = client();
        client.exchange(get("/"));
        client.exchange(request("POST", "/", "Content-Length: 0"));
        client.exchange(request("POST", "/"));

        assertThat(upstream.requests())
                .allSatisfy(request -> assertThat(request.complete()).isTrue())
                .allSatisfy(request -> assertThat(request.bodyBytes()).isZero());
        assertThat(upstream.requests().getFirst().header("Transfer-Encoding")).isEmpty();
        assertThat(upstream.requests().get(1).header("Content-Length")).contains("0");
    }

    @Test
    protected void relaysThatTheUpstreamWantsTheBody() throws IOException {
        upstream.answerWith(
                exchange -> {
                    exchange.write("HTTP/1.1 100 Continue\r\n\r\n");
                    Scripts.echo().serve(exchange);
                });
        RawClient client = client();
        client.write(request("POST", "/p", "Content-Length: 5", "Expect: 100-continue"));
        assertThat(client.readHead().status()).isEqualTo(100);
        client.write("hello");

        assertThat(client.readResponse("POST").status()).isEqualTo(200);
        assertThat(upstream.requests().getFirst().body()).asString().isEqualTo("hello");
    }

    @Test
    protected void takesABodyThatDidNotWait() throws IOException {
        RawClient client = client();
        for (int i = 0; i < 5; i++) {
            client.write(
                    request("POST", "/p", "Content-Length: 5", "Expect: 100-continue") + "hello");
            assertThat(client.readResponse("POST").status()).isEqualTo(200);
        }
        assertThat(upstream.requests())
                .hasSize(5)
                .allSatisfy(request -> assertThat(request.body()).asString().isEqualTo("hello"));
    }

    @Test
    protected void relaysThatTheUpstreamDoesNotWantTheBody() throws IOException {
        upstream.answerWith(
                exchange -> {
                    exchange.answer(413, "", "Connection: close");
                    exchange.close();
                });
        RawClient client = client();
        client.write(request("POST", "/p", "Content-Length: 5", "Expect: 100-continue"));
        RawResponse response = client.readResponse("POST");

        assertThat(response.status()).isEqualTo(413);
        assertThat(upstream.requests().getFirst().complete()).isFalse();
    }

    @Test
    protected void doesNotForwardAnOfferToUpgrade() throws IOException {
        RawResponse response =
                client().exchange(
                                request(
                                        "GET",
                                        "/",
                                        "Connection: Upgrade, HTTP2-Settings",
                                        "Upgrade: h2c",
                                        "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"));
        assertThat(response.status()).isEqualTo(200);
        assertThat(upstream.requests().getFirst().departures()).isEmpty();
    }

    @Test
    protected void framesAnswersThatOnlyACloseEnds() throws IOException {
        upstream.answerWith(Scripts.rawThenClose("HTTP/1.1 200 OK\r\n\r\nhello"));
        RawClient client = client();
        client.write(get("/"));
        var body = client.body(client.readHead(), "GET");
        assertThat(body.framing()).isInstanceOf(Framing.Chunked.class);
        assertThat(body.readAll()).asString().isEqualTo("hello");
    }

    @Test
    protected void closesAfterAnAnswerThatLeavesBodyUnread() throws IOException {
        upstream.answerWith(
                exchange -> {
                    exchange.answer(403, "", "Connection: close");
                    exchange.close();
                });
        RawClient client = client();
        client.write(request("POST", "/p", "Content-Length: 1000") + "hello");
        RawResponse response = client.readResponse("POST");
        assertThat(response.status()).isIn(403, 502);

        // Either the rest of the body is taken as such, or the connection is over.
        upstream.answerWith(Scripts.echo());
        try {
            client.write("x".repeat(995) + get("/next"));
            assertThat(client.readResponse("GET").header("X-Echo-Target")).contains("/next");
        } catch (IOException e) {
            assertThat(client.awaitEnd()).isIn(Ending.CLOSED, Ending.RESET);
        }
        assertThat(upstream.requests())
                .extracting(RecordedRequest::target)
                .isSubsetOf("/p", "/next");
    }
}
