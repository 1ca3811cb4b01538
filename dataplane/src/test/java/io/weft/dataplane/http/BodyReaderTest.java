// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {

    private final BodyReader body = new BodyReader(HttpLimits.DEFAULT);

    private @Nullable String read(ByteBuf in) {
        ByteBuf data = body.read(in, UnpooledByteBufAllocator.DEFAULT);
        if (data == null) {
            return null;
        }
        String text = data.toString(StandardCharsets.ISO_8859_1);
        data.release();
        return text;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    @Test
    void leavesWhatComesAfterTheBody() {
        body.startLength(3);
        ByteBuf in = bytes("abcGET");

        assertThat(read(in)).isEqualTo("abc");
        assertThat(body.isDone()).isTrue();
        assertThat(in.toString(StandardCharsets.ISO_8859_1)).isEqualTo("GET");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "g\r\n",
                "-1\r\n",
                "0x3\r\nabc\r\n",
                "3 \r\nabc\r\n",
                "3\nabc\r\n",
                "3\r\nabcd\r\n",
                "3\r\nabc\n",
                "3;\r\nabc\r\n",
                "3;a=\r\nabc\r\n",
                "3;a=\"\r\n\"\r\nabc\r\n",
                "0000000000000003\r\nabc\r\n",
                "0\r\nbad name: x\r\n\r\n",
                "0\r\nx: y\n\r\n",
            })
    void refusesChunks(String text) {
        body.startChunked();
        ByteBuf in = bytes(text);
        while (in.isReadable() && body.fault() == null) {
            read(in);
        }
        assertThat(body.fault()).isNotNull();
        assertThat(body.isDone()).isFalse();
    }

    @Test
    void endsEndlessExtensions() {
        body.startChunked();
        ByteBuf in = bytes("1;a=" + "b".repeat(20_000));
        read(in);
        assertThat(body.fault()).isEqualTo(HttpFault.CHUNKS_TOO_SMALL);
    }

    @Test
    void passesOnlyTrailersThatMayTrail() {
        body.startChunked();
        String[] lines = {
            "0",
            "x-sum: 1",
            "content-length: 9",
            "authorization: me",
            "x-weft-unprocessed: 1",
            "if-match: a",
            "cookie: c",
            "",
            ""
        };
        read(bytes(String.join("\r\n", lines)));
        var seen = new ArrayList<String>();
        body.forEachTrailer((name, value) -> seen.add(name + "=" + value));

        assertThat(body.isDone()).isTrue();
        assertThat(seen).containsExactly("x-sum=1");
    }

    @Test
    void anEmptyPieceIsNotALastChunk() {
        var channel = new io.netty.channel.embedded.EmbeddedChannel();
        var output = new OutputBuffer(channel, UnpooledByteBufAllocator.DEFAULT);
        output.writeChunk(Unpooled.EMPTY_BUFFER);
        output.writeChunk(bytes("abc"));
        output.writeChunk(bytes("x".repeat(4_000)));
        output.flush();

        var sent = new StringBuilder();
        ByteBuf next = channel.readOutbound();
        while (next != null) {
            sent.append(next.toString(StandardCharsets.ISO_8859_1));
            next.release();
            next = channel.readOutbound();
        }
        assertThat(sent.toString()).isEqualTo("3\r\nabc\r\nfa0\r\n" + "x".repeat(4_000) + "\r\n");
        channel.close();
    }
}
