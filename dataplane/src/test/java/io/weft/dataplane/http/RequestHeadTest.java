// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestHeadTest {

    private final RequestHead head = new RequestHead(HttpLimits.DEFAULT);

    private Progress read(String text) {
        return head.feed(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private String forwarded(FieldEdits edits) {
        var out = Unpooled.buffer();
        new HeadWriter().request(head, edits).endTo(out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static String request(String fields) {
        return "POST / HTTP/1.1\r\nHost: orders\r\n" + fields.replace("|", "\r\n") + "\r\n\r\n";
    }

    @ParameterizedTest
    @CsvSource({
        "/,a.test,80",
        "/,a.test:8080,8080",
        "/,[::1],80",
        "/,[::1]:1,1",
        "http://a.test:65535/,a.test:65535,65535",
        "http://A.test/,a.test,80"
    })
    void readsThePortThatIsAskedFor(String target, String host, int port) {
        String text = "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
        assertThat(read(text)).isEqualTo(Progress.COMPLETE);
        assertThat(head.port()).isEqualTo(port);

        head.arriveOn(8_443);
        head.reset();
        assertThat(read(text)).isEqualTo(Progress.COMPLETE);
        assertThat(head.port()).as("where the connection says it").isEqualTo(8_443);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            value = {
                "Content-Length: 1|Content-Length: 1 -> AMBIGUOUS_LENGTH",
                "Content-Length: 1|Transfer-Encoding: chunked -> AMBIGUOUS_LENGTH",
                "Content-Length: 01 -> BAD_LENGTH",
                "Content-Length: +1 -> BAD_LENGTH",
                "Content-Length: 1, 1 -> BAD_LENGTH",
                "Content-Length: 1234567890123456789 -> BAD_LENGTH",
                "Transfer-Encoding: gzip, chunked -> BAD_CODING",
                "Transfer-Encoding: chunked|Transfer-Encoding: chunked -> BAD_CODING",
                "Transfer-Encoding: xchunked -> BAD_CODING",
                "Transfer_Encoding: chunked -> AMBIGUOUS_NAME",
                "X_Forwarded-For: 10.0.0.1 -> AMBIGUOUS_NAME",
                "Host: other -> BAD_HOST",
                "Connection: content-length -> BAD_CONNECTION",
                "Connection: authorization -> BAD_CONNECTION",
                "Connection: a b -> BAD_CONNECTION",
                "Expect: 200-ok -> BAD_EXPECTATION",
                "X : y -> BAD_FIELD",
                "X: a| b -> BAD_FIELD",
            })
    void refusesWhatCanBeReadInTwoWays(String fields, HttpFault fault) {
        assertThat(read(request(fields))).isEqualTo(Progress.FAULT);
        assertThat(head.fault()).isEqualTo(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "->",
            value = {
                "GET / HTTP/1.1 -> BAD_HOST",
                "GET  / HTTP/1.1 -> BAD_REQUEST_LINE",
                "GET / HTTP/2.0 -> VERSION_NOT_SUPPORTED",
                "get / HTTP/1.1 -> METHOD_NOT_IMPLEMENTED",
                "CONNECT orders:80 HTTP/1.1 -> METHOD_NOT_ALLOWED",
                "GET /a#b HTTP/1.1 -> BAD_TARGET",
                "GET a HTTP/1.1 -> BAD_TARGET",
                "GET /a%2Fb HTTP/1.1 -> BAD_PATH",
                "GET /../a HTTP/1.1 -> BAD_PATH",
            })
    void refusesRequestLines(String line, HttpFault fault) {
        assertThat(read(line + "\r\n\r\n")).isEqualTo(Progress.FAULT);
        assertThat(head.fault()).isEqualTo(fault);
    }

    @Test
    void forwardsOneCanonicalForm() {
        String[] lines = {
            "",
            "GET http://Orders:80/a/./b/../c%7e?q=%zz HTTP/1.1",
            "HOST:  orders:80 ",
            "Connection: x-hop , keep-alive",
            "X-Hop: 1",
            "X-Stays:\tyes  ",
            "X-Forwarded-For: 6.6.6.6",
            "x-weft-unprocessed: 1",
            "TE: trailers",
            "",
            ""
        };
        read(String.join("\r\n", lines));

        assertThat(forwarded(FieldEdits.NONE).split("\r\n"))
                .containsExactly("GET /a/c~?q=%zz HTTP/1.1", "host: orders:80", "X-Stays: yes");
        assertThat(head.host()).isEqualTo("orders");
    }

    @Test
    void stopsAtTheBytesItMayHold() {
        assertThat(read("GET /" + "a".repeat(17_000) + " HTTP/1.1\r\n")).isEqualTo(Progress.FAULT);
        assertThat(head.fault()).isEqualTo(HttpFault.TARGET_TOO_LONG);

        head.reset();
        assertThat(read(request("X: " + "a".repeat(17_000)))).isEqualTo(Progress.FAULT);
        assertThat(head.fault()).isEqualTo(HttpFault.HEAD_TOO_LARGE);

        head.reset();
        assertThat(read(request("X: 1|".repeat(99) + "X: 1"))).isEqualTo(Progress.FAULT);
        assertThat(head.fault()).isEqualTo(HttpFault.HEAD_TOO_LARGE);
    }

    @Test
    void remembersNothingOfTheRequestBefore() {
        read(request("Transfer-Encoding: chunked|Expect: 100-continue|Connection: close"));
        head.reset();
        read("GET /b HTTP/1.0\r\nHost: orders\r\nExpect: 100-continue\r\n\r\n");

        assertThat(head.isChunked()).isFalse();
        assertThat(head.hasBody()).isFalse();
        assertThat(head.expectsContinue()).as("HTTP/1.0 cannot expect it").isFalse();
        assertThat(head.isPersistent()).isFalse();
        assertThat(head.path()).isEqualTo("/b");
    }
}
