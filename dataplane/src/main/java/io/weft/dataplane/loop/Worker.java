// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.loop;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.weft.dataplane.http.HeadWriter;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An event loop with what belongs to it alone. Everything a request needs is found here without a
 * lock, because only this loop's thread touches it.
 */
public final class Worker {

    private final int index;
    private final EventLoop loop;
    private final Class<? extends SocketChannel> socketType;
    private final ByteBufAllocator allocator;
    private final HeadWriter writer = new HeadWriter();
    private long random = ThreadLocalRandom.current().nextLong() | 1;

    /**
     * @param index the loop's number among those of this proxy, from 0
     * @param socketType the kind of connection that this loop can serve
     */
    public Worker(
            int index,
            EventLoop loop,
            Class<? extends SocketChannel> socketType,
            ByteBufAllocator allocator) {
        this.index = index;
        this.loop = loop;
        this.socketType = socketType;
        this.allocator = allocator;
    }

    public int index() {
        return index;
    }

    public EventLoop loop() {
        return loop;
    }

    public Class<? extends SocketChannel> socketType() {
        return socketType;
    }

    public ByteBufAllocator allocator() {
        return allocator;
    }

    /** For one head at a time: end it before anything else can begin one. */
    public HeadWriter writer() {
        return writer;
    }

    /** Uniformly distributed; not for secrets (xorshift64*). */
    public int random() {
        random ^= random >>> 12;
        random ^= random << 25;
        random ^= random >>> 27;
        return (int) (random * 0x2545F4914F6CDD1DL >>> 32);
    }

    /** A number from 0 to {@code bound} - 1. */
    public int random(int bound) {
        return (int) (Integer.toUnsignedLong(random()) * bound >>> 32);
    }
}
