// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.weft.dataplane.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is read does not depend on where the network cuts it, and is what a plain reader reads. */
class RandomCutsTest {

    private static final int ROUNDS = 3_000;

    private final Random random = Seed.random(RandomCutsTest.class);

    @Test
    void readsAHeadTheSameHoweverItIsCut() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = ascii(mutated(requestHead()) + "next");

            Reading whole = read(bytes, List.of(bytes.length));
            Reading cut = read(bytes, cuts(bytes.length));

            assertThat(cut).as(text(bytes)).isEqualTo(whole);
        }
    }

    @Test
    void undoesChunksAsAPlainReaderDoes() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = ascii(mutated(chunkedBody()) + "GET");

            PlainChunks plain = PlainChunks.read(text(bytes));
            Body whole = body(bytes, List.of(bytes.length));
            Body cut = body(bytes, cuts(bytes.length));

            if (plain != null) {
                assertThat(whole.fault).as(text(bytes)).isNull();
                assertThat(whole.data).isEqualTo(plain.data());
                assertThat(whole.left).isEqualTo(plain.left());
            } else {
                assertThat(whole.done).as(text(bytes)).isFalse();
            }
            assertThat(cut.fault).as(text(bytes)).isEqualTo(whole.fault);
            assertThat(cut.done).isEqualTo(whole.done);
            if (whole.done) {
                assertThat(cut).isEqualTo(whole);
            }
        }
    }

    // ---- reading --------------------------------------------------------------------------------

    private record Reading(
            Progress progress, @Nullable HttpFault fault, String forwarded, int taken) {}

    private static Reading read(byte[] bytes, List<Integer> cuts) {
        var head = new RequestHead(HttpLimits.DEFAULT);
        Progress progress = Progress.MORE;
        int taken = 0;
        int from = 0;
        for (int size : cuts) {
            ByteBuf piece = Unpooled.wrappedBuffer(bytes, from, size);
            progress = head.feed(piece);
            taken += size - piece.readableBytes();
            from += size;
            if (progress != Progress.MORE) {
                break;
            }
        }
        return switch (progress) {
            case COMPLETE -> new Reading(progress, null, forwarded(head), taken);
            // Where a fault stops reading is nobody's business.
            case FAULT -> new Reading(progress, head.fault(), "", 0);
            case MORE -> new Reading(progress, null, "", taken);
        };
    }

    private static String forwarded(RequestHead head) {
        ByteBuf out = Unpooled.buffer();
        new HeadWriter().request(head, FieldEdits.NONE).endTo(out);
        return out.toString(StandardCharsets.ISO_8859_1)
                + head.contentLength()
                + head.isChunked()
                + head.isPersistent();
    }

    private record Body(String data, boolean done, @Nullable HttpFault fault, String left) {}

    private static Body body(byte[] bytes, List<Integer> cuts) {
        var reader = new BodyReader(HttpLimits.DEFAULT);
        reader.startChunked();
        var data = new StringBuilder();
        var left = new StringBuilder();
        int from = 0;
        for (int size : cuts) {
            ByteBuf in = Unpooled.wrappedBuffer(bytes, from, size);
            from += size;
            while (in.isReadable() && !reader.isDone() && reader.fault() == null) {
                ByteBuf piece = reader.read(in, UnpooledByteBufAllocator.DEFAULT);
                if (piece != null) {
                    data.append(piece.toString(StandardCharsets.ISO_8859_1));
                    piece.release();
                }
            }
            left.append(in.toString(StandardCharsets.ISO_8859_1));
        }
        return new Body(data.toString(), reader.isDone(), reader.fault(), left.toString());
    }

    private List<Integer> cuts(int length) {
        var cuts = new ArrayList<Integer>();
        int left = length;
        while (left > 0) {
            int size = 1 + random.nextInt(random.nextBoolean() ? 3 : left);
            cuts.add(Math.min(size, left));
            left -= cuts.getLast();
        }
        return cuts;
    }

    // ---- messages -------------------------------------------------------------------------------

    private String requestHead() {
        var head = new StringBuilder();
        head.append(oneOf("GET", "POST", "OPTIONS", "BREW"))
                .append(' ')
                .append(
                        oneOf(
                                "/",
                                "/a/../b",
                                "/" + "t".repeat(random.nextInt(20_000)),
                                "/%7Euser?x=1",
                                "http://orders/a",
                                "*",
                                "/a%2fb"))
                .append(' ')
                .append(oneOf("HTTP/1.1", "HTTP/1.0"))
                .append("\r\n");
        head.append(oneOf("Host: orders\r\n", "host:orders:80\r\n", "HOST: ORDERS.\r\n"));
        for (int i = random.nextInt(4); i > 0; i--) {
            head.append(
                    oneOf(
                            "Content-Length: 3\r\n",
                            "Transfer-Encoding: chunked\r\n",
                            "Connection: close, x-a\r\n",
                            "X-A: \t b c \r\n",
                            "Content_Length: 5\r\n",
                            "Expect: 100-continue\r\n",
                            "X-Long: " + "v".repeat(random.nextInt(9_000)) + "\r\n"));
        }
        return head.append("\r\n").toString();
    }

    private String chunkedBody() {
        var body = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            int size = 1 + random.nextInt(random.nextInt(10) == 0 ? 3_000 : 20);
            body.append(oneOf("", "0")).append(Integer.toHexString(size));
            body.append(oneOf("", "", ";a", ";a=b", ";a=\"b;\\\"c\"")).append("\r\n");
            body.append("x".repeat(size)).append("\r\n");
        }
        return body.append("0\r\n").append(oneOf("", "x-sum: 1\r\n")).append("\r\n").toString();
    }

    /** The same text, or one with a small accident. */
    private String mutated(String text) {
        if (random.nextInt(3) > 0) {
            return text;
        }
        int at = random.nextInt(text.length());
        return switch (random.nextInt(3)) {
            case 0 -> text.substring(0, at) + text.substring(at + 1);
            case 1 ->
                    text.substring(0, at)
                            + oneOf("\r", "\n", " ", "\0", "a", ":")
                            + text.substring(at);
            default ->
                    text.substring(0, at) + oneOf("\r\n", "\t", ";", "é") + text.substring(at + 1);
        };
    }

    private String oneOf(String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
