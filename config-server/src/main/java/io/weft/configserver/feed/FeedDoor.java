// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import io.weft.dataplane.identity.Credentials;
import io.weft.dataplane.identity.Peer;
import io.weft.dataplane.identity.UntrustedPeerException;
import io.weft.dataplane.identity.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets nobody speak to the feed who has not proved to be a workload of the mesh. */
final class FeedDoor {

    private static final Logger log = LoggerFactory.getLogger(FeedDoor.class);
    private static final AttributeKey<Peer> PEER = AttributeKey.valueOf(FeedDoor.class, "peer");

    /** A handshake takes milliseconds: those who wait longest when there are more have given up. */
    static final int MAX_HANDSHAKES = 256;

    private final WorkloadIdentity identity;
    private final int room;
    private final Queue<Channel> handshakes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inside = new AtomicInteger();

    /**
     * @param room for how many who have proved who they are
     */
    FeedDoor(WorkloadIdentity identity, int room) {
        this.identity = identity;
        this.room = room;
    }

    /** Puts TLS in front of a connection, or closes it while there is no identity to show. */
    void guard(Channel channel) {
        Credentials credentials = identity.credentials();
        SslHandler tls = credentials == null ? null : credentials.newServerHandler(channel.alloc());
        if (credentials == null || tls == null) {
            channel.close();
            return;
        }
        handshakes.add(channel);
        channel.pipeline().addFirst(tls, new Proving(this, credentials, tls));
        tls.handshakeFuture().addListener(_ -> handshakes.remove(channel));
        if (handshakes.size() > MAX_HANDSHAKES) {
            Channel longest = handshakes.poll();
            if (longest != null) {
                longest.close();
            }
        }
    }

    /** Who is at the other end. */
    static @Nullable Peer peer(Channel channel) {
        return channel.attr(PEER).get();
    }

    /** Whether whoever is at the other end would still be let in. */
    boolean believes(Peer peer) {
        Credentials now = identity.credentials();
        return now != null && now.stillBelieve(peer);
    }

    private boolean hasRoomFor(Channel channel) {
        channel.closeFuture().addListener(_ -> inside.decrementAndGet());
        return inside.incrementAndGet() <= room;
    }

    private static final class Proving extends ChannelInboundHandlerAdapter {
        private final FeedDoor door;
        private final Credentials credentials;
        private final SslHandler tls;

        private Proving(FeedDoor door, Credentials credentials, SslHandler tls) {
            this.door = door;
            this.credentials = credentials;
            this.tls = tls;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event)
                throws UntrustedPeerException {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (!handshake.isSuccess()) {
                    log.info(
                            "{} is not let in: {}",
                            ctx.channel().remoteAddress(),
                            handshake.cause().getMessage());
                    ctx.close();
                    return;
                }
                admit(ctx.channel(), credentials.peer(tls));
                if (!door.hasRoomFor(ctx.channel())) {
                    log.warn("{} is not let in: too many are here", ctx.channel().remoteAddress());
                    ctx.close();
                    return;
                }
            }
            ctx.fireUserEventTriggered(event);
        }

        /** A stream lasts no longer than what it was let in for; its subscriber comes again. */
        private static void admit(Channel channel, Peer peer) {
            channel.attr(PEER).set(peer);
            long left = Duration.between(Instant.now(), peer.notAfter()).toMillis();
            var end =
                    channel.eventLoop()
                            .schedule(() -> channel.close(), left, TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(_ -> end.cancel(false));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.info("{} is not let in: {}", ctx.channel().remoteAddress(), cause.getMessage());
            ctx.close();
        }
    }
}
