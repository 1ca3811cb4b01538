// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.loop;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The event loops of one proxy. */
public final class Workers implements AutoCloseable {

    private static final long SHUTDOWN_SECONDS = 5;

    private final EventLoopGroup group;
    private final Transport transport;
    private final List<Worker> workers;
    private final boolean own;

    private Workers(EventLoopGroup group, Transport transport, boolean own) {
        this.group = group;
        this.transport = transport;
        this.own = own;
        ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        var workers = new ArrayList<Worker>();
        for (EventExecutor loop : group) {
            workers.add(
                    new Worker(
                            workers.size(), (EventLoop) loop, transport.socketType(), allocator));
        }
        this.workers = List.copyOf(workers);
    }

    /** Makes event loops, ended by {@link #close()}. */
    public static Workers start(Transport transport, int loops) {
        var threads = new DefaultThreadFactory("weft-loop", true);
        var group = new MultiThreadIoEventLoopGroup(loops, threads, transport.newFactory());
        return new Workers(group, transport, true);
    }

    /** Uses the event loops of somebody else, who also ends them. */
    public static Workers of(EventLoopGroup group) {
        EventExecutor first = group.iterator().next();
        return new Workers(group, Transport.of((IoEventLoop) first), false);
    }

    public EventLoopGroup group() {
        return group;
    }

    public Transport transport() {
        return transport;
    }

    public int count() {
        return workers.size();
    }

    public List<Worker> all() {
        return workers;
    }

    /** The worker of an event loop, or null when it is not one of these. */
    public @Nullable Worker of(EventLoop loop) {
        for (Worker worker : workers) {
            if (worker.loop().equals(loop)) {
                return worker;
            }
        }
        return null;
    }

    @Override
    public void close() {
        if (own) {
            group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        }
    }
}
