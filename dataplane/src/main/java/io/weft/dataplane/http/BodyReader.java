// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.weft.policy.request.HeaderName;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the body of a message off its connection, piece by piece, by the one framing that its head
 * declares. Chunks are undone: what comes out is data, and the writer frames it anew, so that chunk
 * extensions and odd sizes end here.
 */
public final class BodyReader {

    /** A piece at least this large is handed on without being copied. */
    private static final int WORTH_SLICING = 1_024;

    /** Digits of a chunk size; more cannot be needed. */
    private static final int MAX_SIZE_DIGITS = 15;

    /** Bytes of chunk extensions in one body. */
    private static final int MAX_EXTENSION_BYTES = 16 * 1024;

    /** Fields that must be known before the body and therefore make no sense after it. */
    private static final Set<String> NOT_IN_TRAILERS =
            Set.of(
                    "age",
                    "cache-control",
                    "expires",
                    "location",
                    "max-forwards",
                    "pragma",
                    "range",
                    "retry-after",
                    "vary",
                    "warning",
                    "www-authenticate");

    private enum Framing {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private enum Chunk {
        SIZE_BEGIN,
        SIZE,
        EXTENSION_NAME_BEGIN,
        EXTENSION_NAME,
        EXTENSION_VALUE_BEGIN,
        EXTENSION_TOKEN,
        EXTENSION_QUOTED,
        EXTENSION_QUOTED_PAIR,
        EXTENSION_AFTER_QUOTED,
        SIZE_LINE_END,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS
    }

    private final FieldSection trailers;
    private Framing framing = Framing.LENGTH;
    private Chunk chunk = Chunk.SIZE_BEGIN;
    private long remaining;
    private int digits;
    private int extensionBytes;
    private boolean done = true;
    private @Nullable HttpFault fault;

    public BodyReader(HttpLimits limits) {
        this.trailers = FieldSection.trailers(limits);
    }

    /** Prepares for a message without a body. */
    public void startEmpty() {
        startLength(0);
    }

    public void startLength(long length) {
        framing = Framing.LENGTH;
        remaining = length;
        done = length == 0;
        fault = null;
    }

    public void startChunked() {
        framing = Framing.CHUNKED;
        chunk = Chunk.SIZE_BEGIN;
        remaining = 0;
        extensionBytes = 0;
        digits = 0;
        done = false;
        fault = null;
        trailers.reset();
    }

    /** The body is what comes until the connection ends; only responses have that. */
    public void startUntilClose() {
        framing = Framing.UNTIL_CLOSE;
        done = false;
        fault = null;
    }

    /** Prepares for the body that a request's head declares. */
    public void start(RequestHead head) {
        if (head.isChunked()) {
            startChunked();
        } else {
            startLength(Math.max(0, head.contentLength()));
        }
    }

    /**
     * Prepares for the body that a response's head declares.
     *
     * @param toHead whether it answers a HEAD request
     */
    public void start(ResponseHead head, boolean toHead) {
        if (!head.hasBody(toHead)) {
            startEmpty();
        } else if (head.isChunked()) {
            startChunked();
        } else if (head.contentLength() != MessageHead.NO_LENGTH) {
            startLength(head.contentLength());
        } else {
            startUntilClose();
        }
    }

    /** Whether the body has been read to its end. */
    public boolean isDone() {
        return done;
    }

    /** Whether the end of the connection is the end of the body. */
    public boolean endsWithConnection() {
        return framing == Framing.UNTIL_CLOSE;
    }

    /** Why {@link #read} cannot go on, or null. */
    public @Nullable HttpFault fault() {
        return fault;
    }

    /** The fields after a chunked body; meaningful when it is done. */
    public FieldSection trailers() {
        return trailers;
    }

    /** Whether there are fields after the body. */
    public boolean hasTrailers() {
        return framing == Framing.CHUNKED && trailers.count() > 0;
    }

    /** Hands out the fields after the body that go on to the next receiver (RFC 9110 §6.5.1). */
    public void forEachTrailer(FieldConsumer consumer) {
        for (int i = 0; hasTrailers() && i < trailers.count(); i++) {
            if (mayTrail(i)) {
                consumer.field(
                        trailers.text(trailers.nameStart(i), trailers.nameEnd(i)),
                        trailers.text(trailers.valueStart(i), trailers.valueEnd(i)));
            }
        }
    }

    boolean mayTrail(int field) {
        if (trailers.kind(field) != FieldKind.PASS) {
            return false;
        }
        String name =
                trailers.text(trailers.nameStart(field), trailers.nameEnd(field))
                        .toLowerCase(Locale.ROOT);
        return !name.startsWith("content-")
                && !name.startsWith("if-")
                && !NOT_IN_TRAILERS.contains(name);
    }

    /**
     * Takes the next piece of the body from the front of the buffer.
     *
     * @return data that the caller must release, or null when there is none yet, the body is done
     *     or there is a fault
     */
    public @Nullable ByteBuf read(ByteBuf in, ByteBufAllocator allocator) {
        if (done || fault != null || !in.isReadable()) {
            return null;
        }
        return switch (framing) {
            case UNTIL_CLOSE -> in.readRetainedSlice(in.readableBytes());
            case LENGTH -> {
                ByteBuf data = in.readRetainedSlice((int) Math.min(remaining, in.readableBytes()));
                remaining -= data.readableBytes();
                done = remaining == 0;
                yield data;
            }
            case CHUNKED -> readChunks(in, allocator);
        };
    }

    private @Nullable ByteBuf readChunks(ByteBuf in, ByteBufAllocator allocator) {
        ByteBuf gathered = null;
        while (in.isReadable() && fault == null && !done) {
            if (chunk == Chunk.DATA) {
                int size = (int) Math.min(remaining, in.readableBytes());
                if (gathered == null && size >= WORTH_SLICING) {
                    remaining -= size;
                    chunk = remaining == 0 ? Chunk.DATA_CR : Chunk.DATA;
                    return in.readRetainedSlice(size);
                }
                if (gathered == null) {
                    gathered = allocator.buffer(in.readableBytes());
                }
                gathered.writeBytes(in, size);
                remaining -= size;
                chunk = remaining == 0 ? Chunk.DATA_CR : Chunk.DATA;
            } else if (chunk == Chunk.TRAILERS) {
                switch (trailers.feed(in)) {
                    case COMPLETE -> done = true;
                    case FAULT -> fault = trailers.fault();
                    case MORE -> {}
                }
            } else {
                step(in.readByte());
            }
        }
        if (fault != null && gathered != null) {
            gathered.release();
            return null;
        }
        return gathered;
    }

    /** Reads one byte between the data of chunks (RFC 9112 §7.1), with no optional white space. */
    private void step(byte b) {
        switch (chunk) {
            case SIZE_BEGIN, SIZE -> {
                int digit = Character.digit((char) (b & 0xff), 16);
                if (digit >= 0) {
                    remaining = remaining << 4 | digit;
                    digits++;
                    chunk = Chunk.SIZE;
                    check(digits <= MAX_SIZE_DIGITS);
                } else if (b == ';' && chunk == Chunk.SIZE) {
                    chunk = Chunk.EXTENSION_NAME_BEGIN;
                } else {
                    check(chunk == Chunk.SIZE);
                    endOfSizeLine(b);
                }
            }
            case EXTENSION_NAME_BEGIN -> {
                check(HeaderName.tokenByte(b) != 0);
                chunk = Chunk.EXTENSION_NAME;
                extensionByte();
            }
            case EXTENSION_NAME -> {
                extensionByte();
                if (b == '=') {
                    chunk = Chunk.EXTENSION_VALUE_BEGIN;
                } else if (b == ';') {
                    chunk = Chunk.EXTENSION_NAME_BEGIN;
                } else if (HeaderName.tokenByte(b) == 0) {
                    endOfSizeLine(b);
                }
            }
            case EXTENSION_VALUE_BEGIN -> {
                extensionByte();
                check(b == '"' || HeaderName.tokenByte(b) != 0);
                chunk = b == '"' ? Chunk.EXTENSION_QUOTED : Chunk.EXTENSION_TOKEN;
            }
            case EXTENSION_TOKEN -> {
                extensionByte();
                if (HeaderName.tokenByte(b) == 0) {
                    endOfExtension(b);
                }
            }
            case EXTENSION_QUOTED -> {
                extensionByte();
                check(b >= 0x20 && b != 0x7f || b < 0 || b == '\t');
                if (b == '"') {
                    chunk = Chunk.EXTENSION_AFTER_QUOTED;
                } else if (b == '\\') {
                    chunk = Chunk.EXTENSION_QUOTED_PAIR;
                }
            }
            case EXTENSION_QUOTED_PAIR -> {
                extensionByte();
                check(b >= 0x20 && b != 0x7f || b < 0 || b == '\t');
                chunk = Chunk.EXTENSION_QUOTED;
            }
            case EXTENSION_AFTER_QUOTED -> endOfExtension(b);
            case SIZE_LINE_END -> {
                check(b == '\n');
                chunk = remaining == 0 ? Chunk.TRAILERS : Chunk.DATA;
                digits = 0;
            }
            case DATA_CR -> {
                check(b == '\r');
                chunk = Chunk.DATA_LF;
            }
            case DATA_LF -> {
                check(b == '\n');
                chunk = Chunk.SIZE_BEGIN;
            }
            case DATA, TRAILERS -> throw new IllegalStateException("not read byte by byte");
        }
    }

    private void endOfExtension(byte b) {
        if (b == ';') {
            chunk = Chunk.EXTENSION_NAME_BEGIN;
        } else {
            endOfSizeLine(b);
        }
    }

    private void endOfSizeLine(byte b) {
        check(b == '\r');
        chunk = Chunk.SIZE_LINE_END;
    }

    private void extensionByte() {
        if (++extensionBytes > MAX_EXTENSION_BYTES) {
            fault = HttpFault.CHUNKS_TOO_SMALL;
        }
    }

    private void check(boolean right) {
        if (!right && fault == null) {
            fault = HttpFault.BAD_CHUNK;
        }
    }
}
