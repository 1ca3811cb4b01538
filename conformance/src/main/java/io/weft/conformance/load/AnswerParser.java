// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.weft.conformance.raw.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the end of one response in bytes that come piece by piece, without blocking. */
final class AnswerParser {

    private static final int MAX_LINES = 64 * 1024;
    private static final int KEPT_BODY = 64 * 1024;

    private enum Part {
        HEAD,
        COUNTED,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILER,
        UNTIL_CLOSE,
        COMPLETE
    }

    /** The bytes are not an HTTP/1.1 response. */
    static final class Malformed extends Exception {
        Malformed(String message) {
            super(message);
        }
    }

    private byte[] lines = new byte[512];
    private int length;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private Part part = Part.HEAD;
    private String head = "";
    private int status;
    private boolean keepsConnection;
    private long remaining;

    /** Takes what belongs to the response; what follows it stays in {@code bytes}. */
    void take(ByteBuffer bytes) throws Malformed {
        while (bytes.hasRemaining() && part != Part.COMPLETE) {
            switch (part) {
                case HEAD -> head(bytes);
                case COUNTED -> data(bytes, Part.COMPLETE);
                case CHUNK_SIZE -> chunkSize(bytes);
                case CHUNK_DATA -> data(bytes, Part.CHUNK_END);
                case CHUNK_END -> chunkEnd(bytes);
                case TRAILER -> trailer(bytes);
                default -> keep(bytes, bytes.remaining());
            }
        }
    }

    /** The connection was closed; whether that was the end of a response. */
    boolean close() {
        if (part == Part.UNTIL_CLOSE) {
            part = Part.COMPLETE;
        }
        return complete();
    }

    boolean complete() {
        return part == Part.COMPLETE;
    }

    boolean started() {
        return part != Part.HEAD || length > 0;
    }

    boolean keepsConnection() {
        return keepsConnection;
    }

    int status() {
        return status;
    }

    String head() {
        return head;
    }

    String body() {
        return Wire.text(body.toByteArray());
    }

    private void head(ByteBuffer bytes) throws Malformed {
        String whole = linesUntil("\r\n\r\n", bytes);
        if (whole == null) {
            return;
        }
        head = whole;
        status = status(whole);
        if (status >= 200) {
            frame(whole.toLowerCase(Locale.ROOT));
        }
    }

    private static int status(String head) throws Malformed {
        boolean versioned = head.startsWith("HTTP/1.1 ") || head.startsWith("HTTP/1.0 ");
        int status = versioned ? (int) number(head.substring(9, 12), 10) : 0;
        if (status < 100 || status > 599 || head.charAt(12) != ' ') {
            throw new Malformed(Wire.shown(Wire.bytes(head)));
        }
        return status;
    }

    private void frame(String lower) throws Malformed {
        String length = field(lower, "content-length");
        boolean chunked = "chunked".equals(field(lower, "transfer-encoding"));
        String connection = field(lower, "connection");
        keepsConnection =
                lower.startsWith("http/1.1")
                        && (connection == null || !connection.contains("close"));
        if (chunked && length != null) {
            throw new Malformed("two framings: " + Wire.shown(Wire.bytes(lower)));
        }
        if (status == 204 || status == 304) {
            part = Part.COMPLETE;
        } else if (chunked) {
            part = Part.CHUNK_SIZE;
        } else if (length != null) {
            remaining = number(length, 10);
            part = remaining == 0 ? Part.COMPLETE : Part.COUNTED;
        } else {
            keepsConnection = false;
            part = Part.UNTIL_CLOSE;
        }
    }

    private void chunkSize(ByteBuffer bytes) throws Malformed {
        String line = linesUntil("\r\n", bytes);
        if (line != null) {
            remaining = number(line.split(";", 2)[0], 16);
            part = remaining == 0 ? Part.TRAILER : Part.CHUNK_DATA;
        }
    }

    private void chunkEnd(ByteBuffer bytes) throws Malformed {
        String line = linesUntil("\r\n", bytes);
        if (line != null) {
            if (!line.equals("\r\n")) {
                throw new Malformed("after a chunk: " + Wire.shown(Wire.bytes(line)));
            }
            part = Part.CHUNK_SIZE;
        }
    }

    private void trailer(ByteBuffer bytes) throws Malformed {
        String line = linesUntil("\r\n", bytes);
        if (line != null && line.equals("\r\n")) {
            part = Part.COMPLETE;
        }
    }

    private void data(ByteBuffer bytes, Part next) {
        int count = (int) Math.min(bytes.remaining(), remaining);
        keep(bytes, count);
        remaining -= count;
        if (remaining == 0) {
            part = next;
        }
    }

    private void keep(ByteBuffer bytes, int count) {
        byte[] taken = new byte[count];
        bytes.get(taken);
        body.write(taken, 0, Math.min(count, KEPT_BODY - body.size()));
    }

    /** Everything up to and with the mark, or null while it has not come. */
    private @Nullable String linesUntil(String mark, ByteBuffer bytes) throws Malformed {
        while (bytes.hasRemaining()) {
            append(bytes.get());
            if (endsWith(mark)) {
                String found = new String(lines, 0, length, ISO_8859_1);
                length = 0;
                return found;
            }
        }
        return null;
    }

    private void append(byte b) throws Malformed {
        if (length == MAX_LINES) {
            throw new Malformed("endless line");
        }
        if (length == lines.length) {
            lines = Arrays.copyOf(lines, 2 * length);
        }
        lines[length++] = b;
    }

    private boolean endsWith(String mark) {
        int start = length - mark.length();
        for (int i = mark.length() - 1; i >= 0; i--) {
            if (start < 0 || lines[start + i] != mark.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String field(String lowerHead, String name) {
        int at = lowerHead.indexOf("\r\n" + name + ":");
        if (at < 0) {
            return null;
        }
        int start = at + name.length() + 3;
        return lowerHead.substring(start, lowerHead.indexOf("\r\n", start)).strip();
    }

    private static long number(String digits, int radix) throws Malformed {
        try {
            return Long.parseUnsignedLong(digits.strip(), radix);
        } catch (NumberFormatException _) {
            throw new Malformed("number: " + Wire.shown(Wire.bytes(digits)));
        }
    }
}
