// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cuts what a subscriber sends into lines. */
final class LineReader {

    /** The longest line that a subscriber has reason to send is a list of refused objects. */
    static final int LONGEST = 64 * 1024;

    private final ByteArrayOutputStream started = new ByteArrayOutputStream(256);

    /** A line that does not end where it should. */
    static final class TooLongException extends Exception {
        TooLongException() {
            super("a line of more than " + LONGEST + " bytes");
        }
    }

    /** The lines that end in these bytes, blank ones left out. */
    List<String> read(ByteBuf bytes) throws TooLongException {
        var lines = new ArrayList<String>();
        while (bytes.isReadable()) {
            int end = bytes.bytesBefore((byte) '\n');
            int length = end < 0 ? bytes.readableBytes() : end;
            if (started.size() + length > LONGEST) {
                throw new TooLongException();
            }
            append(bytes, length);
            if (end >= 0) {
                bytes.skipBytes(1);
                String line = started.toString(StandardCharsets.UTF_8);
                started.reset();
                if (!line.isBlank()) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    private void append(ByteBuf bytes, int length) {
        try {
            bytes.readBytes(started, length);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to be written", e);
        }
    }
}
