// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.weft.dataplane.loop.Deadline;
import java.time.Duration;

/**
 * Closes the connection of a client that takes nothing of a response that waits for it: it would
 * hold memory for nothing. Used on one event loop.
 */
public final class StalledWrites {

    private final Channel channel;
    private final Duration window;
    private final Deadline deadline;
    private long unwritten;

    /**
     * @param window how long the client may take nothing
     */
    public StalledWrites(EventLoop loop, Channel channel, Duration window) {
        this.channel = channel;
        this.window = window;
        this.deadline = new Deadline(loop, this::check);
    }

    /** The connection has become writable, or has ceased to be. */
    public void writabilityChanged() {
        if (channel.isWritable()) {
            deadline.clear();
        } else {
            unwritten = Long.MAX_VALUE;
            wait(window);
        }
    }

    private void wait(Duration time) {
        deadline.set(System.nanoTime() + time.toNanos());
    }

    private void check() {
        long waiting = channel.bytesBeforeWritable();
        if (waiting > 0 && waiting >= unwritten && !isSending(channel, window)) {
            channel.close();
        } else if (waiting > 0) {
            unwritten = waiting;
            wait(window);
        }
    }

    /**
     * Whether the kernel could send on some of what it holds. It takes no more from us before a
     * third of its buffer is free, which is megabytes: a slow client would look like one that takes
     * nothing. Data goes out only while the client makes room for it; what is sent a second time
     * does not count.
     */
    static boolean isSending(Channel channel, Duration window) {
        if (channel instanceof EpollSocketChannel socket && socket.isOpen()) {
            EpollTcpInfo info = socket.tcpInfo();
            return info.retransmits() == 0 && info.lastDataSent() < window.toMillis();
        }
        return false;
    }

    /** The connection is over. */
    public void cancel() {
        deadline.cancel();
    }
}
