// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.loop;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/** How sockets are served. */
public enum Transport {
    IO_URING(IoUringServerSocketChannel.class, IoUringSocketChannel.class),
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class),
    NIO(NioServerSocketChannel.class, NioSocketChannel.class);

    private final Class<? extends ServerSocketChannel> serverType;
    private final Class<? extends SocketChannel> socketType;

    Transport(
            Class<? extends ServerSocketChannel> serverType,
            Class<? extends SocketChannel> socketType) {
        this.serverType = serverType;
        this.socketType = socketType;
    }

    /**
     * What to take when nobody chose: epoll where there is one. (Measured beside it, io_uring saved
     * a microsecond of CPU at best, with a longer tail.)
     */
    public static Transport byDefault() {
        return EPOLL.isAvailable() ? EPOLL : NIO;
    }

    /** Whether this machine offers it. */
    public boolean isAvailable() {
        return switch (this) {
            case IO_URING -> IoUring.isAvailable();
            case EPOLL -> Epoll.isAvailable();
            case NIO -> true;
        };
    }

    /** The transport of an event loop that somebody else made. */
    public static Transport of(IoEventLoop loop) {
        if (Epoll.isAvailable() && loop.isIoType(EpollIoHandler.class)) {
            return EPOLL;
        }
        return IoUring.isAvailable() && loop.isIoType(IoUringIoHandler.class) ? IO_URING : NIO;
    }

    public IoHandlerFactory newFactory() {
        return switch (this) {
            case IO_URING -> IoUringIoHandler.newFactory();
            case EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    public Class<? extends ServerSocketChannel> serverType() {
        return serverType;
    }

    public Class<? extends SocketChannel> socketType() {
        return socketType;
    }
}
