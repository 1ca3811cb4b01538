// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.identity.Credentials;
import io.weft.dataplane.identity.Peer;
import io.weft.dataplane.identity.UntrustedPeerException;
import io.weft.dataplane.loop.Deadline;
import io.weft.dataplane.loop.Worker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The first to meet whoever connects to a listener of the mesh: lets nobody further who has not
 * proved to be a workload of it, and, where plaintext is still allowed, those who do not try.
 */
final class Doorkeeper extends ChannelInboundHandlerAdapter implements Connections.Member {

    private static final long HANDSHAKE_NANOS = Duration.ofSeconds(5).toNanos();

    /** The type of the record that begins a TLS connection (RFC 8446 §5.1). */
    private static final byte TLS_HANDSHAKE = 22;

    private final Listener listener;
    private final MeshDoor door;
    private final Worker worker;
    private final SocketChannel channel;
    private final Deadline deadline;
    private @Nullable Credentials credentials;
    private @Nullable SslHandler tls;

    Doorkeeper(Listener listener, MeshDoor door, Worker worker, SocketChannel channel) {
        this.listener = listener;
        this.door = door;
        this.worker = worker;
        this.channel = channel;
        this.deadline = new Deadline(worker.loop(), this::close);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline.set(System.nanoTime() + HANDSHAKE_NANOS);
        listener.antechamber().enter(this);
    }

    /** There are too many who do not finish, and this one has had the longest time to. */
    void giveWay() {
        door.handshakes().refused("crowded");
        close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (tls == null && bytes.isReadable()) {
            if (bytes.getByte(bytes.readerIndex()) == TLS_HANDSHAKE) {
                startTls(ctx, bytes);
            } else if (door.permissive().getAsBoolean()) {
                door.handshakes().plaintext();
                admit(ctx, null);
                ctx.pipeline().fireChannelRead(bytes);
                ctx.pipeline().fireChannelReadComplete();
            } else {
                bytes.release();
                refuse("plaintext");
            }
        } else {
            bytes.release();
        }
    }

    private void startTls(ChannelHandlerContext ctx, ByteBuf first) {
        credentials = door.identity().credentials();
        tls = credentials == null ? null : credentials.newServerHandler(channel.alloc());
        if (tls == null) {
            first.release();
            refuse("no-identity");
        } else {
            ctx.pipeline().addFirst(tls);
            ctx.pipeline().fireChannelRead(first);
            ctx.pipeline().fireChannelReadComplete();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake)
                || credentials == null
                || tls == null) {
            return;
        }
        if (!handshake.isSuccess()) {
            refuse(reason(handshake.cause()));
            return;
        }
        try {
            admit(ctx, credentials.peer(tls));
        } catch (UntrustedPeerException e) {
            refuse(reason(e));
        }
    }

    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UntrustedPeerException untrusted) {
                return untrusted.reason().label();
            }
        }
        return "handshake";
    }

    private void admit(ChannelHandlerContext ctx, @Nullable Peer peer) {
        deadline.cancel();
        listener.antechamber().leave(this);
        listener.connections().remove(this);
        var connection = new ServerConnection(listener, worker, channel, peer);
        listener.connections().add(connection);
        ctx.pipeline().replace(this, null, connection);
        connection.begin();
    }

    private void refuse(String reason) {
        listener.refuse(new Failure.Untrusted(reason), channel.remoteAddress());
        door.handshakes().refused(reason);
        close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // What went wrong with the handshake has been told with its end.
        close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.cancel();
        listener.antechamber().leave(this);
        listener.connections().remove(this);
    }

    @Override
    public EventLoop loop() {
        return worker.loop();
    }

    @Override
    public void drain() {
        close();
    }

    @Override
    public void close() {
        channel.close();
    }
}
