// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.subscription;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts a stream of bytes into lines, of bounded length. */
final class LineReader {

    private final int maxLength;
    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LineReader(int maxLength, Consumer<String> lines) {
        this.maxLength = maxLength;
        this.lines = lines;
    }

    /**
     * @throws IllegalStateException when a line is too long
     */
    void read(ByteBuf in) {
        while (in.isReadable()) {
            int length = in.bytesBefore((byte) '\n');
            int piece = length < 0 ? in.readableBytes() : length;
            if (line.size() + piece > maxLength) {
                throw new IllegalStateException("a line is longer than " + maxLength + " bytes");
            }
            byte[] bytes = new byte[piece];
            in.readBytes(bytes);
            line.writeBytes(bytes);
            if (length >= 0) {
                in.skipBytes(1);
                String text = line.toString(StandardCharsets.UTF_8);
                line.reset();
                if (!text.isBlank()) {
                    lines.accept(text);
                }
            }
        }
    }
}
