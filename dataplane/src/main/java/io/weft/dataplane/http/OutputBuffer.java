// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What goes out on a connection, gathered so that a small message is one write: copying a few
 * hundred bytes is cheaper than another buffer in the system call. Large pieces go out as they came
 * in.
 */
public final class OutputBuffer {

    /** Pieces up to this size are copied. */
    private static final int WORTH_COPYING = 2_048;

    private static final int CHUNK_OVERHEAD = 12;

    private final Channel channel;
    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf open;
    private boolean unflushed;

    public OutputBuffer(Channel channel, ByteBufAllocator allocator) {
        this.channel = channel;
        this.allocator = allocator;
    }

    /** A buffer with that much room, behind everything written so far. */
    public ByteBuf open(int room) {
        ByteBuf buffer = open;
        if (buffer != null && buffer.writableBytes() < room) {
            writeOpen();
            buffer = null;
        }
        if (buffer == null) {
            buffer = allocator.directBuffer(Math.max(room, 256));
            open = buffer;
        }
        return buffer;
    }

    /** Writes a piece and releases it. */
    public void write(ByteBuf data) {
        int size = data.readableBytes();
        if (size <= WORTH_COPYING) {
            open(size).writeBytes(data);
            data.release();
        } else {
            writeOpen();
            channel.write(data, channel.voidPromise());
            unflushed = true;
        }
    }

    /**
     * Writes a piece as a chunk and releases it. An empty one is not written: it would be the last.
     */
    public void writeChunk(ByteBuf data) {
        int size = data.readableBytes();
        if (size == 0) {
            data.release();
            return;
        }
        HeadWriter.chunkStart(size, open(Math.min(size, WORTH_COPYING) + CHUNK_OVERHEAD));
        write(data);
        HeadWriter.chunkEnd(open(2));
    }

    /** Writes the last chunk with the trailers of another body. */
    public void writeLastChunk(HeadWriter writer, BodyReader trailers) {
        writer.lastChunk(trailers, this);
    }

    public void flush() {
        writeOpen();
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /** Gives up what was not written. */
    public void release() {
        if (open != null) {
            open.release();
            open = null;
        }
    }

    private void writeOpen() {
        if (open != null) {
            channel.write(open, channel.voidPromise());
            open = null;
            unflushed = true;
        }
    }
}
