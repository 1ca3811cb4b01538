// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.weft.dataplane.server.Connections;

/** A client's connection that speaks HTTP/2. Reactor Netty reads it; only its end is ours. */
final class Multiplexed implements Connections.Member {

    private final Channel channel;

    private Multiplexed(Channel channel) {
        this.channel = channel;
    }

    /** Makes a connection one of those that are drained. */
    static void join(Connections connections, Channel channel) {
        var member = new Multiplexed(channel);
        connections.add(member);
        channel.closeFuture().addListener(_ -> connections.remove(member));
    }

    @Override
    public EventLoop loop() {
        return channel.eventLoop();
    }

    /** The codec says that it takes no further streams, and closes after the last one. */
    @Override
    public void drain() {
        channel.close();
    }

    /** Below the codec nobody waits for streams. */
    @Override
    public void close() {
        ChannelHandlerContext codec = channel.pipeline().context(Http2ConnectionHandler.class);
        if (codec == null) {
            channel.close();
        } else {
            codec.close();
        }
    }
}
