// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictReaderTest {

    @Test
    void readsRequestWithLength() throws IOException {
        WireReader in =
                reader("POST /p?q=1 HTTP/1.1\r\nHost: a\r\nContent-Length:\t5 \r\n\r\nhello");
        RequestHead head = new HeadReader(in).request();
        BodyReader body = new BodyReader(in, Framing.of(head));

        assertThat(head.method()).isEqualTo("POST");
        assertThat(head.target()).isEqualTo("/p?q=1");
        assertThat(head.fields().first("content-length")).contains("5");
        assertThat(Wire.text(body.readAll())).isEqualTo("hello");
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void readsChunksAndTrailers() throws IOException {
        WireReader in =
                reader(
                        Wire.head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
                                + "5\r\nhello\r\nA\r\n, world...\r\n0\r\nx-sum: 1\r\n\r\n");
        BodyReader body = new BodyReader(in, Framing.of(new HeadReader(in).response(), "GET"));

        assertThat(Wire.text(body.readAll())).isEqualTo("hello, world...");
        assertThat(body.trailers().first("X-Sum")).contains("1");
        assertThat(body.oddities()).isEmpty();
    }

    @Test
    void readsBodyThatACloseEnds() throws IOException {
        WireReader in = reader("HTTP/1.0 200 OK\r\n\r\neverything");
        BodyReader body = new BodyReader(in, Framing.of(new HeadReader(in).response(), "GET"));

        assertThat(Wire.text(body.readAll())).isEqualTo("everything");
    }

    @Test
    void keepsTheExactBytes() throws IOException {
        String bytes = "GET / HTTP/1.1\r\nhOST:  a.test \r\n\r\n";
        WireReader in = reader(bytes);
        new HeadReader(in).request();

        assertThat(Wire.text(in.kept())).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET  / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\n\n",
                "GET / HTTP/1.1 \r\n\r\n",
                "GET / HTTP/1.2\r\n\r\n",
                "G(T / HTTP/1.1\r\n\r\n",
                "GET /\u00e9 HTTP/1.1\r\n\r\n",
                "\r\nGET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\rHost: a\r\r",
                "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
                "GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n",
                "GET / HTTP/1.1\r\nX: a\u0000\r\n\r\n",
                "GET / HTTP/1.1\r\nX: a\u0001\r\n\r\n",
                "GET / HTTP/1.1\r\nX\r\n\r\n",
                "GET / HTTP/1.1\r\n: x\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: +5\r\n\r\nhello",
                "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                "POST / HTTP/1.1\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!!\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nINVALID\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"
            })
    void refusesWhatCouldBeReadInTwoWays(String bytes) {
        assertThatThrownBy(() -> readWhole(bytes)).isInstanceOf(MalformedMessage.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a",
                "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhell",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            })
    void tellsACutFromAnEnd(String bytes) {
        assertThatThrownBy(() -> readWhole(bytes)).isInstanceOf(CutMessage.class);
    }

    @Test
    void tellsAnEndFromACut() {
        assertThatThrownBy(() -> readWhole("")).isInstanceOf(NoMessage.class);
    }

    private static void readWhole(String bytes) throws IOException {
        WireReader in = reader(bytes);
        new BodyReader(in, Framing.of(new HeadReader(in).request())).readAll();
    }

    private static WireReader reader(String bytes) {
        return new WireReader(new ByteArrayInputStream(Wire.bytes(bytes)));
    }
}
