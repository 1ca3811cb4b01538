// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.HeadWriter;
import io.weft.dataplane.http.HttpFault;
import io.weft.dataplane.http.OutputBuffer;
import io.weft.dataplane.http.ResponseHead;
import io.weft.dataplane.identity.Credentials;
import io.weft.dataplane.identity.MutualTls;
import io.weft.dataplane.identity.UntrustedPeerException;
import io.weft.dataplane.loop.Deadline;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to an endpoint, speaking HTTP/1.1 for one request at a time. It goes back to its
 * lane only when both messages ended where they said they would and not a byte came after; in every
 * other case it is closed, and whatever still arrives goes with it.
 */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamConnection.class);
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final Lane lane;
    private final Channel channel;
    private final @Nullable Proof proof;
    private final OutputBuffer output;
    private final ResponseHead head;
    private final BodyReader body;
    private final Deadline deadline;
    private final long idleNanos;
    private long keepNanos;
    private @Nullable UpstreamUser user;
    private boolean toHead;
    private boolean headRead;
    private boolean requestEnded;
    private boolean inUse;
    private boolean endProved;
    private long lastUsed;

    private UpstreamConnection(Lane lane, Channel channel, @Nullable Proof proof) {
        UpstreamSettings settings = lane.endpoint().settings();
        this.lane = lane;
        this.channel = channel;
        this.proof = proof;
        this.output = new OutputBuffer(channel, lane.worker().allocator());
        this.head = new ResponseHead(settings.limits());
        this.body = new BodyReader(settings.limits());
        this.idleNanos = settings.idle().toNanos();
        this.keepNanos = settings.keepAlive().toNanos();
        this.deadline = new Deadline(lane.worker().loop(), this::onDue);
        this.lastUsed = System.nanoTime();
    }

    /** Hears how a connection attempt ended. */
    public interface ConnectListener {
        void connected(UpstreamConnection connection);

        void connectFailed(Throwable cause);
    }

    /** Makes a connection on the lane's event loop. */
    public static void connect(Lane lane, ConnectListener listener) {
        int timeout = (int) lane.endpoint().settings().connect().toMillis();
        new Bootstrap()
                .group(lane.worker().loop())
                .channel(lane.worker().socketType())
                .option(ChannelOption.ALLOCATOR, lane.worker().allocator())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeout)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(new Unconnected())
                .connect(lane.endpoint().address())
                .addListener((ChannelFuture future) -> finish(lane, future, listener));
    }

    private static void finish(Lane lane, ChannelFuture future, ConnectListener listener) {
        MutualTls tls = lane.endpoint().tls();
        if (!future.isSuccess()) {
            listener.connectFailed(future.cause());
        } else if (tls == null) {
            connected(lane, future.channel(), null, listener);
        } else {
            shakeHands(lane, tls, future.channel(), listener);
        }
    }

    private static void shakeHands(
            Lane lane, MutualTls tls, Channel channel, ConnectListener listener) {
        Credentials credentials = tls.identity().credentials();
        if (credentials == null || !credentials.areValid()) {
            channel.close();
            listener.connectFailed(new SSLException("this proxy has no valid identity"));
            return;
        }
        SslHandler handler =
                credentials.newClientHandler(channel.alloc(), lane.endpoint().address());
        channel.pipeline().addFirst(handler);
        handler.handshakeFuture()
                .addListener(
                        done -> {
                            if (!done.isSuccess()) {
                                channel.close();
                                listener.connectFailed(done.cause());
                                return;
                            }
                            Proof proof;
                            try {
                                proof = Proof.of(tls, credentials, handler);
                            } catch (UntrustedPeerException e) {
                                channel.close();
                                listener.connectFailed(e);
                                return;
                            }
                            connected(lane, channel, proof, listener);
                        });
    }

    private static void connected(
            Lane lane, Channel channel, @Nullable Proof proof, ConnectListener listener) {
        lane.connected();
        var connection = new UpstreamConnection(lane, channel, proof);
        channel.pipeline().replace(Unconnected.class, null, connection);
        listener.connected(connection);
    }

    /** Takes the place of the connection until there is one. */
    private static final class Unconnected extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // Whoever waits for the handshake hears of it there.
            ctx.close();
        }
    }

    /** Whether it could be used for a request now. */
    boolean isUsable() {
        return channel.isActive() && (proof == null || proof.holds());
    }

    long idleSince() {
        return lastUsed;
    }

    /** Puts a connection that nobody uses into its lane. */
    public void keep() {
        lastUsed = System.nanoTime();
        deadline.set(lastUsed + keepNanos);
        lane.put(this);
    }

    // ---- the request ----------------------------------------------------------------------------

    /**
     * Begins a request.
     *
     * @param toHead whether its method is HEAD, so that the response has no body
     */
    public void begin(UpstreamUser user, boolean toHead) {
        this.user = user;
        this.toHead = toHead;
        headRead = false;
        requestEnded = false;
        inUse = true;
        head.reset();
        touch();
    }

    /** Writes a head that the event loop's writer holds. */
    public void writeHead(HeadWriter writer, int bodyHint) {
        ByteBuf out = output.open(writer.size() + bodyHint);
        writer.endTo(out);
    }

    /** Writes a piece of a body of known length, and releases it. */
    public void writeBody(ByteBuf data) {
        touch();
        output.write(data);
    }

    /** Writes a piece of a body as a chunk, and releases it. */
    public void writeChunk(ByteBuf data) {
        touch();
        output.writeChunk(data);
    }

    /** Ends a chunked body with the trailers of another one. */
    public void writeLastChunk(BodyReader trailers) {
        output.writeLastChunk(lane.worker().writer(), trailers);
    }

    /** The request has been written to its end. */
    public void requestEnded() {
        requestEnded = true;
    }

    public void flush() {
        output.flush();
    }

    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Stops reading the response until {@link #resume}. */
    public void pause() {
        channel.config().setAutoRead(false);
    }

    public void resume() {
        touch();
        channel.config().setAutoRead(true);
    }

    /** Gives the request up; the user hears nothing more. */
    public void discard() {
        user = null;
        close();
    }

    void close() {
        deadline.cancel();
        output.release();
        channel.close();
    }

    private void touch() {
        lastUsed = System.nanoTime();
        deadline.set(lastUsed + idleNanos);
    }

    // ---- the response ---------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (user == null) {
                // Nobody asked for it, or nobody wants it any more.
                lane.forget(this);
                close();
                return;
            }
            touch();
            read(in, user);
        } finally {
            in.release();
        }
    }

    private void read(ByteBuf in, UpstreamUser reader) {
        while (in.isReadable() && isUsedBy(reader)) {
            if (!headRead) {
                switch (head.feed(in)) {
                    case MORE -> {}
                    case FAULT -> malformed(reader, head.fault());
                    case COMPLETE -> onHead(reader);
                }
            } else {
                ByteBuf data = body.read(in, lane.worker().allocator());
                HttpFault fault = body.fault();
                if (data != null) {
                    reader.onBody(data);
                }
                if (fault != null) {
                    malformed(reader, fault);
                }
            }
            if (headRead && body.isDone() && isUsedBy(reader)) {
                finish(reader, !in.isReadable());
                return;
            }
        }
    }

    /** A callback may have given the connection up. */
    private boolean isUsedBy(UpstreamUser reader) {
        return reader.equals(user);
    }

    private void onHead(UpstreamUser reader) {
        if (head.status() == 101) {
            malformed(reader, HttpFault.UNASKED_SWITCH);
        } else if (head.isInterim()) {
            reader.onInterim(head);
            head.reset();
        } else {
            headRead = true;
            body.start(head, toHead);
            reader.onHead(head);
        }
    }

    /** The response is complete; the connection is kept if nothing speaks against it. */
    private void finish(UpstreamUser reader, boolean clean) {
        user = null;
        inUse = false;
        boolean again =
                clean
                        && requestEnded
                        && head.isPersistent()
                        && !body.endsWithConnection()
                        && !hasForbiddenBody()
                        && channel.isActive();
        if (again) {
            if (!channel.config().isAutoRead()) {
                channel.config().setAutoRead(true);
            }
            if (head.keepAliveSeconds() >= 0) {
                long announced = TimeUnit.SECONDS.toNanos(head.keepAliveSeconds());
                // Half of what is announced leaves time for a request to arrive.
                keepNanos = Math.min(keepNanos, announced / 2);
            }
            keep();
        } else {
            close();
        }
        reader.onEnd(body);
    }

    /** A 204 that announces a body: some servers then send one. */
    private boolean hasForbiddenBody() {
        return head.status() == 204 && (head.isChunked() || head.contentLength() > 0);
    }

    private void malformed(UpstreamUser reader, HttpFault fault) {
        user = null;
        close();
        reader.onMalformed(fault);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (user != null) {
            user.onReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable() && user != null) {
            touch();
            user.onWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        UpstreamUser reader = user;
        if (reader == null) {
            lane.forget(this);
            close();
        } else if (headRead && body.endsWithConnection() && (proof == null || endProved)) {
            finish(reader, false);
        } else {
            ended(reader);
        }
    }

    /** With TLS, the end of the connection is the end of a body only when the peer has said so. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent end) {
            endProved = end.isSuccess();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
            LOG.error("{}: a connection failed", lane.endpoint(), cause);
        }
        // A reset is no clean end, also where the end of the connection ends the body.
        if (user != null) {
            ended(user);
        } else {
            close();
        }
    }

    private void ended(UpstreamUser reader) {
        user = null;
        close();
        reader.onClosed(headRead || head.isBegun());
    }

    private void onDue() {
        UpstreamUser reader = user;
        if (inUse && reader != null) {
            user = null;
            close();
            reader.onIdle();
        } else {
            lane.forget(this);
            close();
        }
    }
}
