// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes heads in the one canonical form: what a receiver behind us sees is this writing and never
 * a sender's. One instance per event loop, used again and again.
 */
public final class HeadWriter {

    private static final byte[] REQUEST_END = ascii(" HTTP/1.1\r\nhost: ");
    private static final byte[] RESPONSE_START = ascii("HTTP/1.1 ");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] COLON = ascii(": ");
    private static final byte[] CONTENT_LENGTH = ascii("content-length: ");
    private static final byte[] FORWARDED_HOST = ascii("x-forwarded-host: ");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
    private static final byte[] CONNECTION_CLOSE = ascii("connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("connection: keep-alive\r\n");
    private static final byte[] EXPECT = ascii("expect: 100-continue\r\n");
    private static final byte[] LAST_CHUNK = ascii("0\r\n");
    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");

    /** The bytes that a query may have (RFC 3986 §3.4), but for the percent sign. */
    private static final boolean[] QUERY_BYTE = new boolean[128];

    static {
        for (char c = '0'; c <= 'z'; c++) {
            QUERY_BYTE[c] = Character.isLetterOrDigit(c);
        }
        for (char c : "-._~!$&'()*+,;=:@/?".toCharArray()) {
            QUERY_BYTE[c] = true;
        }
    }

    private byte[] out = new byte[4_096];
    private int length;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Starts a request: its first line, Host and the fields that pass, but for those edited. */
    public HeadWriter request(RequestHead head, FieldEdits edits) {
        return request(head, edits, true);
    }

    /** As {@link #request}, for an application, which gets to see no API key of the mesh. */
    public HeadWriter requestToApplication(RequestHead head, FieldEdits edits) {
        return request(head, edits, false);
    }

    private HeadWriter request(RequestHead head, FieldEdits edits, boolean withKeys) {
        path(head);
        put(head.bytes(), head.queryStart(), head.queryEnd());
        hostAndFields(head, edits, withKeys);
        return this;
    }

    /**
     * As {@link #request}, for a receiver that takes the target for a URI by the letter: what a
     * query may not have is escaped.
     */
    public HeadWriter requestByUri(RequestHead head) {
        path(head);
        reserve(3 * (head.queryEnd() - head.queryStart()));
        length = escapeQuery(head.bytes(), head.queryStart(), head.queryEnd(), out, length);
        hostAndFields(head, FieldEdits.NONE, true);
        return as(FieldKind.GRPC_TIMEOUT, head);
    }

    /** Writes the fields of a kind as they were received. */
    private HeadWriter as(FieldKind kind, MessageHead head) {
        for (int i = 0; i < head.count(); i++) {
            if (head.kind(i) == kind) {
                put(head.bytes(), head.nameStart(i), head.nameEnd(i));
                put(COLON);
                put(head.bytes(), head.valueStart(i), head.valueEnd(i));
                put(CRLF);
            }
        }
        return this;
    }

    /**
     * Writes a query as it stands in a URI by the letter: what it may not have is escaped.
     *
     * @param to has room for three times as much
     * @return where it ends
     */
    static int escapeQuery(byte[] query, int start, int end, byte[] to, int at) {
        int next = at;
        for (int i = start; i < end; i++) {
            byte b = query[i];
            if (QUERY_BYTE[b] || b == '%' && isEscape(query, i, end)) {
                to[next++] = b;
            } else {
                to[next++] = '%';
                to[next++] = hexDigit(b >> 4);
                to[next++] = hexDigit(b & 0xf);
            }
        }
        return next;
    }

    private static byte hexDigit(int value) {
        return (byte) Character.toUpperCase(Character.forDigit(value, 16));
    }

    private static boolean isEscape(byte[] bytes, int percent, int end) {
        return percent + 2 < end
                && Character.digit(bytes[percent + 1], 16) >= 0
                && Character.digit(bytes[percent + 2], 16) >= 0;
    }

    private void path(RequestHead head) {
        length = 0;
        put(head.bytes(), head.methodStart(), head.methodEnd());
        put(' ');
        put(head.bytes(), head.forwardPathStart(), head.forwardPathEnd());
        if (head.queryEnd() > head.queryStart()) {
            put('?');
        }
    }

    private void hostAndFields(RequestHead head, FieldEdits edits, boolean withKeys) {
        put(REQUEST_END);
        put(head.bytes(), head.authorityStart(), head.authorityEnd());
        put(CRLF);
        fields(head, edits, withKeys);
    }

    /** Starts a request as it was received, but for its target, which is as it is now. */
    HeadWriter copy(RequestHead head) {
        path(head);
        put(head.bytes(), head.queryStart(), head.queryEnd());
        put(REQUEST_END);
        put(head.bytes(), head.askedAuthorityStart(), head.askedAuthorityEnd());
        put(CRLF);
        fields(head, FieldEdits.NONE, true);
        return as(FieldKind.VIA, head);
    }

    /** Starts a response: its first line and the fields that pass, but for those edited. */
    public HeadWriter response(ResponseHead head, FieldEdits edits) {
        length = 0;
        put(RESPONSE_START);
        number(head.status());
        put(' ');
        put(head.bytes(), head.reasonStart(), head.reasonEnd());
        put(CRLF);
        fields(head, edits, true);
        return this;
    }

    /** Starts a response of our own. */
    public HeadWriter response(int status, String reason) {
        length = 0;
        put(RESPONSE_START);
        number(status);
        put(' ');
        put(ascii(reason));
        put(CRLF);
        return this;
    }

    private void fields(MessageHead head, FieldEdits edits, boolean withKeys) {
        byte[] bytes = head.bytes();
        int count = head.count();
        for (int i = 0; i < count; i++) {
            if (head.passes(i, edits) && (withKeys || !head.isMeshKey(i))) {
                put(bytes, head.nameStart(i), head.nameEnd(i));
                put(COLON);
                put(bytes, head.valueStart(i), head.valueEnd(i));
                put(CRLF);
            }
        }
        put(edits.lines());
    }

    /** Adds the fields that edits add. */
    public HeadWriter added(FieldEdits edits) {
        put(edits.lines());
        return this;
    }

    /** Adds a field. */
    public HeadWriter field(byte[] name, byte[] value) {
        put(name);
        put(COLON);
        put(value);
        put(CRLF);
        return this;
    }

    /** Adds a field with a number. */
    HeadWriter field(byte[] name, long value) {
        put(name);
        put(COLON);
        number(value);
        put(CRLF);
        return this;
    }

    /** Adds lines that are whole already. */
    public HeadWriter lines(byte[] lines) {
        put(lines);
        return this;
    }

    /** Passes on the Via fields of a message and adds an entry of our own (RFC 9110 §7.6.3). */
    public HeadWriter via(MessageHead head, byte[] line) {
        return as(FieldKind.VIA, head).lines(line);
    }

    /** Passes on what the edge has written down about its client. */
    public HeadWriter forwarded(RequestHead head) {
        return as(FieldKind.FORWARDED, head);
    }

    /** Tells the next one which host the client asked for. */
    public HeadWriter forwardedHost(RequestHead head) {
        put(FORWARDED_HOST);
        put(head.bytes(), head.askedAuthorityStart(), head.askedAuthorityEnd());
        put(CRLF);
        return this;
    }

    public HeadWriter contentLength(long bytes) {
        put(CONTENT_LENGTH);
        number(bytes);
        put(CRLF);
        return this;
    }

    public HeadWriter chunked() {
        put(CHUNKED);
        return this;
    }

    public HeadWriter connectionClose() {
        put(CONNECTION_CLOSE);
        return this;
    }

    /** For an HTTP/1.0 client, which would expect the end of the connection otherwise. */
    public HeadWriter keepAlive() {
        put(KEEP_ALIVE);
        return this;
    }

    public HeadWriter expectContinue() {
        put(EXPECT);
        return this;
    }

    /** Ends the head and writes all of it. */
    public void endTo(ByteBuf buffer) {
        put(CRLF);
        buffer.writeBytes(out, 0, length);
    }

    /** Room that {@link #endTo} needs. */
    public int size() {
        return length + CRLF.length;
    }

    /** The size line of a chunk. */
    public static void chunkStart(int size, ByteBuf buffer) {
        int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(size)) / 4);
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            buffer.writeByte(Character.forDigit(size >>> shift & 0xf, 16));
        }
        buffer.writeBytes(CRLF);
    }

    public static void chunkEnd(ByteBuf buffer) {
        buffer.writeBytes(CRLF);
    }

    /** The last chunk and the trailers that may stand there (RFC 9110 §6.5.1). */
    void lastChunk(BodyReader body, OutputBuffer output) {
        length = 0;
        put(LAST_CHUNK);
        if (body.hasTrailers()) {
            FieldSection trailers = body.trailers();
            for (int i = 0; i < trailers.count(); i++) {
                if (body.mayTrail(i)) {
                    put(trailers.bytes(), trailers.nameStart(i), trailers.nameEnd(i));
                    put(COLON);
                    put(trailers.bytes(), trailers.valueStart(i), trailers.valueEnd(i));
                    put(CRLF);
                }
            }
        }
        endTo(output.open(size()));
    }

    /** A whole interim response that lets the client send its body. */
    public static void continueTo(ByteBuf buffer) {
        buffer.writeBytes(CONTINUE);
    }

    /** Adds the digits of a number. */
    HeadWriter number(long value) {
        if (value >= 10) {
            number(value / 10);
        }
        put((char) ('0' + value % 10));
        return this;
    }

    private void put(char c) {
        reserve(1);
        out[length++] = (byte) c;
    }

    private void put(byte[] bytes) {
        put(bytes, 0, bytes.length);
    }

    private void put(byte[] bytes, int start, int end) {
        int size = end - start;
        reserve(size);
        System.arraycopy(bytes, start, out, length, size);
        length += size;
    }

    private void reserve(int size) {
        if (length + size > out.length) {
            out = Arrays.copyOf(out, Math.max(length + size, out.length * 2));
        }
    }
}
