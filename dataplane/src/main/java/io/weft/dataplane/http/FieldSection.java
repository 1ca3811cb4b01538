// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.weft.policy.request.HeaderName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of a message, or its trailers: the bytes as they were received and the offsets
 * of what they mean, so that reading makes no object. Fed with pieces of any size; the verdict does
 * not depend on where the pieces were cut. One instance is used again and again.
 *
 * <p>Each byte is looked at as it arrives, and the first one that is not right is the fault: a line
 * that ends with anything but CR LF, a continued line, a name that is not a token, a control
 * character in a value (RFC 9112 §5).
 */
public class FieldSection {

    private static final int NAME_START = 0;
    private static final int NAME_END = 1;
    private static final int VALUE_START = 2;
    private static final int VALUE_END = 3;
    private static final int HASH = 4;
    private static final int KIND = 5;
    private static final int WIDTH = 6;

    /** Pieces are taken over in portions of this size: a head is rarely larger. */
    private static final int PORTION = 1_024;

    /** The bytes that a field's value may have (RFC 9110 §5.5): no control but the tab. */
    private static final boolean[] VALUE_BYTE = new boolean[256];

    private static final FieldKind[] KINDS = FieldKind.values();

    static {
        Arrays.fill(VALUE_BYTE, 0x20, 0x100, true);
        VALUE_BYTE[0x7f] = false;
        VALUE_BYTE['\t'] = true;
    }

    private enum State {
        START_LINE,
        START_LINE_END,
        NAME_BEGIN,
        NAME,
        VALUE_BEGIN,
        VALUE,
        VALUE_LINE_END,
        LAST_LINE_END,
        DONE
    }

    private final HttpLimits limits;
    private final boolean hasStartLine;
    private byte[] bytes = new byte[PORTION];
    private int[] fields = new int[16 * WIDTH];
    private int count;
    private int length;
    private int scanned;
    private int lineStart;
    private int valueEnd;
    private int hash;
    private boolean underscore;
    private State state = State.NAME_BEGIN;
    private @Nullable HttpFault fault;

    FieldSection(HttpLimits limits, boolean hasStartLine) {
        this.limits = limits;
        this.hasStartLine = hasStartLine;
        reset();
    }

    /** A section without a start line: the trailers of a chunked body. */
    public static FieldSection trailers(HttpLimits limits) {
        return new FieldSection(limits, false);
    }

    /** Forgets the message, to read the next one. */
    public void reset() {
        count = 0;
        length = 0;
        scanned = 0;
        lineStart = 0;
        fault = null;
        state = hasStartLine ? State.START_LINE : State.NAME_BEGIN;
        if (bytes.length > 4 * PORTION) {
            bytes = new byte[PORTION];
        }
    }

    /** Whether anything of the message has been read. */
    public boolean isBegun() {
        return length > 0;
    }

    /** Takes what belongs to this section from the front of the buffer. */
    public Progress feed(ByteBuf in) {
        while (state != State.DONE) {
            int available = in.readableBytes();
            if (available == 0) {
                return Progress.MORE;
            }
            // Never a byte more than the one that is too many: the verdict must not depend on cuts.
            int room = limits.headerBytes() + 1 - length;
            int portion = Math.min(Math.min(available, PORTION), room);
            reserve(length + portion);
            in.getBytes(in.readerIndex(), bytes, length, portion);
            int before = length;
            length += portion;
            scan();
            if (fault != null) {
                return Progress.FAULT;
            }
            if (scanned > limits.headerBytes()) {
                fault = tooLarge();
                return Progress.FAULT;
            }
            in.skipBytes(scanned - before);
            length = scanned;
        }
        fault = complete();
        return fault == null ? Progress.COMPLETE : Progress.FAULT;
    }

    private void reserve(int size) {
        if (size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size, bytes.length * 2));
        }
    }

    private HttpFault tooLarge() {
        return state == State.START_LINE ? startLineTooLong(scanned) : HttpFault.HEAD_TOO_LARGE;
    }

    /** Goes on to the end of what has been received, or of the section. */
    private void scan() {
        byte[] b = bytes;
        int i = scanned;
        int end = length;
        while (i < end) {
            switch (state) {
                case START_LINE -> {
                    while (i < end && isStartLineByte(b[i])) {
                        i++;
                    }
                    if (i < end) {
                        if (b[i] != '\r') {
                            fault = b[i] == '\n' ? HttpFault.LINE_BREAK : badStartLine();
                            return;
                        }
                        i++;
                        state = State.START_LINE_END;
                    }
                }
                case START_LINE_END -> {
                    if (b[i] != '\n') {
                        fault = HttpFault.LINE_BREAK;
                        return;
                    }
                    fault = startLine(lineStart, i - 1);
                    i++;
                    if (fault != null) {
                        return;
                    }
                    lineStart = i;
                    state = isStartLinePending() ? State.START_LINE : State.NAME_BEGIN;
                }
                case NAME_BEGIN -> {
                    if (b[i] == '\r') {
                        i++;
                        state = State.LAST_LINE_END;
                    } else {
                        lineStart = i;
                        hash = 0;
                        underscore = false;
                        state = State.NAME;
                    }
                }
                case NAME -> {
                    int h = hash;
                    byte lower = 0;
                    while (i < end && (lower = HeaderName.tokenByte(b[i])) != 0) {
                        h = HeaderName.hash(h, lower);
                        underscore |= lower == '_';
                        i++;
                    }
                    hash = h;
                    if (i < end) {
                        if (b[i] != ':' || i == lineStart) {
                            fault = b[i] == '\n' ? HttpFault.LINE_BREAK : HttpFault.BAD_FIELD;
                            return;
                        }
                        if (!begin(lineStart, i)) {
                            return;
                        }
                        i++;
                        state = State.VALUE_BEGIN;
                    }
                }
                case VALUE_BEGIN -> {
                    while (i < end && (b[i] == ' ' || b[i] == '\t')) {
                        i++;
                    }
                    if (i < end) {
                        fields[(count - 1) * WIDTH + VALUE_START] = i;
                        valueEnd = i;
                        state = State.VALUE;
                    }
                }
                case VALUE -> {
                    while (i < end && VALUE_BYTE[b[i] & 0xff]) {
                        i++;
                    }
                    if (i < end) {
                        if (b[i] != '\r') {
                            fault = b[i] == '\n' ? HttpFault.LINE_BREAK : HttpFault.BAD_FIELD;
                            return;
                        }
                        valueEnd = i;
                        i++;
                        state = State.VALUE_LINE_END;
                    }
                }
                case VALUE_LINE_END -> {
                    if (b[i] != '\n') {
                        fault = HttpFault.LINE_BREAK;
                        return;
                    }
                    i++;
                    finish();
                    state = State.NAME_BEGIN;
                }
                case LAST_LINE_END -> {
                    if (b[i] != '\n') {
                        fault = HttpFault.LINE_BREAK;
                        return;
                    }
                    i++;
                    state = State.DONE;
                    scanned = i;
                    return;
                }
                case DONE -> throw new IllegalStateException("reset() first");
            }
        }
        scanned = i;
    }

    /** Notes a field's name; false when that is a fault. */
    private boolean begin(int start, int end) {
        if (count == limits.headers()) {
            fault = HttpFault.HEAD_TOO_LARGE;
            return false;
        }
        if (underscore && readsLikeAnother(start, end)) {
            fault = HttpFault.AMBIGUOUS_NAME;
            return false;
        }
        int at = count++ * WIDTH;
        if (at == fields.length) {
            fields = Arrays.copyOf(fields, fields.length * 2);
        }
        fields[at + NAME_START] = start;
        fields[at + NAME_END] = end;
        fields[at + HASH] = hash;
        fields[at + KIND] = FieldKind.of(bytes, start, end, hash).ordinal();
        return true;
    }

    /** Servers behind us may take an underscore for a dash, as CGI does. */
    private boolean readsLikeAnother(int start, int end) {
        byte[] dashed = new byte[end - start];
        int h = 0;
        for (int i = 0; i < dashed.length; i++) {
            byte lower = HeaderName.tokenByte(bytes[start + i]);
            dashed[i] = lower == '_' ? (byte) '-' : lower;
            h = HeaderName.hash(h, dashed[i]);
        }
        return FieldKind.of(dashed, 0, dashed.length, h).isSensitive();
    }

    private void finish() {
        int at = (count - 1) * WIDTH;
        int end = valueEnd;
        while (end > fields[at + VALUE_START]
                && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t')) {
            end--;
        }
        fields[at + VALUE_END] = end;
    }

    boolean isStartLineByte(byte b) {
        return b >= 0x20 && b < 0x7f;
    }

    /** Reads the start line, which stands between these offsets; called as soon as it is whole. */
    @Nullable HttpFault startLine(int start, int end) {
        throw new IllegalStateException("this section has no start line");
    }

    /** Whether an empty line was skipped and the start line is still to come. */
    boolean isStartLinePending() {
        return false;
    }

    /** What a start line is that is not whole after so many bytes. */
    HttpFault startLineTooLong(int length) {
        return HttpFault.HEAD_TOO_LARGE;
    }

    HttpFault badStartLine() {
        return HttpFault.BAD_REQUEST_LINE;
    }

    /** Looks at the section as a whole. */
    @Nullable HttpFault complete() {
        return null;
    }

    /** Why the last {@link #feed} ended with {@link Progress#FAULT}. */
    public HttpFault fault() {
        if (fault == null) {
            throw new IllegalStateException("there was no fault");
        }
        return fault;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Bytes received, line ends included. */
    int length() {
        return length;
    }

    /** Room behind the received bytes, for forms that are derived from them. */
    int appendix(int size) {
        int at = length;
        reserve(at + size);
        length += size;
        return at;
    }

    /** How many fields there are. */
    public int count() {
        return count;
    }

    public int nameStart(int field) {
        return fields[field * WIDTH + NAME_START];
    }

    public int nameEnd(int field) {
        return fields[field * WIDTH + NAME_END];
    }

    public int valueStart(int field) {
        return fields[field * WIDTH + VALUE_START];
    }

    public int valueEnd(int field) {
        return fields[field * WIDTH + VALUE_END];
    }

    FieldKind kind(int field) {
        return KINDS[fields[field * WIDTH + KIND]];
    }

    void drop(int field) {
        fields[field * WIDTH + KIND] = FieldKind.DROPPED.ordinal();
    }

    /** The number of the first field of that name at or after field {@code from}, or -1. */
    public int header(HeaderName name, int from) {
        int hash = name.hashCode();
        for (int i = from; i < count; i++) {
            if (fields[i * WIDTH + HASH] == hash && name.is(bytes, nameStart(i), nameEnd(i))) {
                return i;
            }
        }
        return -1;
    }

    /** A piece of the section as text, for logs and tests. */
    String text(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
