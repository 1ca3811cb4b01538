// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: reads lines and blocks strictly, and keeps the exact bytes of the
 * message being read, up to a cap. A reset counts as an end, because on the wire it is one.
 */
final class WireReader {

    /** Longer lines than any peer of ours may send. */
    private static final int MAX_LINE = 256 * 1024;

    private static final int KEPT = 256 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[16 * 1024];
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
    private int position;
    private int limit;
    private @Nullable Ending ending;

    WireReader(InputStream in) {
        this.in = in;
    }

    /** Forgets the bytes of the message before: the next byte starts a new one. */
    void startMessage() {
        kept.reset();
    }

    /** The exact bytes read since the message started, the first 256 KiB of them. */
    byte[] kept() {
        return kept.toByteArray();
    }

    /** One byte, or -1 when the peer ended the connection. */
    int read() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        int b = buffer[position++] & 0xff;
        if (kept.size() < KEPT) {
            kept.write(b);
        }
        return b;
    }

    /** Up to {@code length} bytes, at least one, or -1 when the peer ended the connection. */
    int read(byte[] to, int offset, int length) throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, to, offset, count);
        kept.write(buffer, position, Math.min(count, Math.max(0, KEPT - kept.size())));
        position += count;
        return count;
    }

    /** A line without its CRLF; {@code first} is its first byte, read already. */
    String line(int first, String where) throws IOException {
        StringBuilder line = new StringBuilder();
        int b = first;
        while (b != '\r') {
            switch (b) {
                case -1 -> throw cut(where);
                case '\n' -> throw new MalformedMessage("bare LF " + where);
                case 0 -> throw new MalformedMessage("NUL " + where);
                default -> line.append((char) b);
            }
            if (line.length() > MAX_LINE) {
                throw new MalformedMessage("endless line " + where);
            }
            b = read();
        }
        expect('\n', "after CR " + where);
        return line.toString();
    }

    String line(String where) throws IOException {
        return line(read(), where);
    }

    void expect(char expected, String where) throws IOException {
        int b = read();
        if (b < 0) {
            throw cut(where);
        }
        if (b != expected) {
            throw new MalformedMessage(
                    "byte 0x"
                            + Integer.toHexString(b)
                            + " "
                            + where
                            + " (expected: 0x"
                            + Integer.toHexString(expected)
                            + ")");
        }
    }

    CutMessage cut(String where) {
        return new CutMessage(ending(), where);
    }

    /** How the peer ended the connection; only once a read has said that it did. */
    Ending ending() {
        if (ending == null) {
            throw new IllegalStateException("the connection has not ended");
        }
        return ending;
    }

    private boolean fill() throws IOException {
        if (ending != null) {
            return false;
        }
        try {
            int count = in.read(buffer);
            if (count < 0) {
                ending = Ending.CLOSED;
                return false;
            }
            position = 0;
            limit = count;
            return true;
        } catch (SocketException _) {
            ending = Ending.RESET;
            return false;
        }
    }
}
