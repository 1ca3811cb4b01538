// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.weft.dataplane.failure.Answer;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.FailureResponses;
import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.HeadWriter;
import io.weft.dataplane.http.HttpLimits;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.loop.Worker;
import io.weft.dataplane.server.Connections;
import io.weft.dataplane.server.ProblemResponse;
import io.weft.dataplane.server.RequestReader;
import io.weft.dataplane.server.StalledWrites;
import io.weft.dataplane.telemetry.Method;
import io.weft.policy.request.Caller;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, as the first to see what comes and the last to see what goes. The engine's
 * reader takes every request; what it refuses is answered here, and of all others the codec behind
 * sees one at a time, in canonical bytes:
 *
 * <pre>
 *   client ──► RequestReader ──► codec ──► Reactor Netty ──► Spring
 *   client ◄──────────────────── codec ◄── {@link Responses} ◄──┘
 * </pre>
 *
 * <p>To the handlers behind it this one plays the socket: they ask for bytes with {@code read()}
 * and hear {@code channelReadComplete()} after what they get.
 *
 * <p>A response goes NONE → STARTED → ENDED; the next request begins when it and the request before
 * have come to their end, and the connection closes instead when the response ended first.
 */
final class EdgeConnection extends ChannelDuplexHandler
        implements Client, RequestReader.Taker, Connections.Member {

    private static final AttributeKey<EdgeConnection> KEY =
            AttributeKey.valueOf(EdgeConnection.class, "connection");

    private static final byte[] NOTHING = {};
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK_OVERHEAD = 12;

    /** Pieces up to this size are copied behind their chunk's size line. */
    private static final int WORTH_COPYING = 2_048;

    private enum Responding {
        NONE,
        STARTED,
        ENDED
    }

    private final Edge edge;
    private final Worker worker;
    private final boolean secure;
    private final RequestReader reader;
    private final RequestHead head;

    // From handlerAdded on.
    private @Nullable ChannelHandlerContext context;
    private @Nullable StalledWrites stalled;

    /** Who is at the other end. */
    private Sender peer = new Sender(null, "http");

    // The request that is being read or answered.

    /** Whose it is; known when its head has been read. */
    private Sender sender = peer;

    private @Nullable Carrier carrier;
    private Responding responding = Responding.NONE;
    private boolean passed;
    private boolean invited;
    private boolean endsWithConnection;

    // The connection.
    private boolean unfinishedRead;
    private boolean closeAfter;

    /** Those behind are told that the client is gone, and what they still write goes nowhere. */
    private boolean severed;

    /** It carries something else than HTTP. */
    private boolean transparent;

    EdgeConnection(Edge edge, Worker worker, boolean secure) {
        this.edge = edge;
        this.worker = worker;
        this.secure = secure;
        this.reader = new RequestReader(edge.settings(), worker, this);
        this.head = reader.head();
    }

    /** The connection of a channel, or null when there is none. */
    static @Nullable EdgeConnection of(Channel channel) {
        return channel.hasAttr(KEY) ? channel.attr(KEY).get() : null;
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return context;
    }

    private Channel channel() {
        return context().channel();
    }

    // ---- the connection -------------------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        Channel channel = ctx.channel();
        channel.attr(KEY).set(this);
        stalled = new StalledWrites(worker.loop(), channel, edge.settings().bodyWindow());
        if (channel.isActive()) {
            begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin();
        ctx.fireChannelActive();
    }

    private void begin() {
        edge.connections().add(this);
        var address = channel().remoteAddress() instanceof InetSocketAddress at ? at : null;
        peer = new Sender(address, secure ? "https" : "http");
        sender = peer;
        head.arriveOn(port());
        reader.start();
        context().read();
    }

    @Override
    public int port() {
        return Edge.port(channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (transparent) {
            ctx.fireChannelRead(message);
        } else {
            reader.take((ByteBuf) message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (transparent) {
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (stalled != null) {
            stalled.writabilityChanged();
        }
        if (ctx.channel().isWritable() && carrier != null) {
            carrier.onWritable();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        edge.connections().remove(this);
        reader.release();
        if (stalled != null) {
            stalled.cancel();
        }
        if (!severed) {
            severed = true;
            ctx.fireChannelInactive();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A broken connection, or a handshake that failed, is nobody's fault here.
        if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
            edge.defect(cause);
        }
        ctx.close();
    }

    @Override
    public EventLoop loop() {
        return worker.loop();
    }

    @Override
    public void close() {
        context().close();
    }

    @Override
    public void drain() {
        closeAfter = true;
        if (reader.isIdle() && responding == Responding.NONE) {
            close();
        }
    }

    // ---- the request, from the reader -----------------------------------------------------------

    @Override
    public void read(boolean more) {
        if (more) {
            context().read();
        }
    }

    @Override
    public void onRequest() {
        sender = edge.proxies().sender(peer, head);
        closeAfter |= !head.isPersistent() || edge.connections().isDraining();
        if (edge.via().hasPassed(head)) {
            refuse(new Failure.Loop());
        } else if (head.bytes()[head.pathStart()] == '*') {
            // It asks about this server, of which there is nothing to say.
            refuse(new Failure.NoRoute(true));
        } else {
            pass();
        }
    }

    private void pass() {
        HeadWriter writer = worker.writer().requestByUri(head).via(head, NOTHING);
        if (!sender.equals(peer)) {
            // Else there is nothing of the kind: what senders claim does not pass.
            writer.lines(sender.forwardedLines());
        }
        if (WebSocketOffer.isMadeBy(head)) {
            writer.lines(WebSocketOffer.LINES);
        } else if (closeAfter) {
            writer.connectionClose();
        }
        if (head.isChunked()) {
            writer.chunked();
        } else if (head.contentLength() >= 0) {
            writer.contentLength(head.contentLength());
        }
        ByteBuf out = worker.allocator().directBuffer(writer.size());
        writer.endTo(out);
        passed = true;
        pass(out);
        if (reader.isInBody()) {
            reader.takeBody();
        }
    }

    private void pass(ByteBuf bytes) {
        unfinishedRead = true;
        context().fireChannelRead(bytes);
    }

    @Override
    public void onBody(ByteBuf data) {
        int size = data.readableBytes();
        if (!head.isChunked()) {
            pass(data);
        } else if (size == 0) {
            data.release();
        } else {
            passChunk(data, size);
        }
    }

    private void passChunk(ByteBuf data, int size) {
        boolean copy = size <= WORTH_COPYING;
        ByteBuf out = worker.allocator().directBuffer(CHUNK_OVERHEAD + (copy ? size : 0));
        HeadWriter.chunkStart(size, out);
        if (copy) {
            out.writeBytes(data);
            data.release();
        } else {
            pass(out);
            pass(data);
            out = worker.allocator().directBuffer(CHUNK_OVERHEAD);
        }
        HeadWriter.chunkEnd(out);
        pass(out);
    }

    @Override
    public void onBodyEnd(BodyReader body) {
        if (head.isChunked()) {
            // Trailers do not fit through Spring; who relays the request finds them in the body.
            pass(Unpooled.wrappedBuffer(LAST_CHUNK));
        }
    }

    @Override
    public void onReadComplete() {
        if (!unfinishedRead) {
            return;
        }
        unfinishedRead = false;
        reader.pause();
        context().fireChannelReadComplete();
        if (channel().config().isAutoRead()) {
            reader.resume();
        }
    }

    /** Those behind ask for more. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (transparent) {
            ctx.read();
            return;
        }
        if (carrier == null) {
            sendContinue();
        }
        reader.resume();
    }

    @Override
    public void onExpired() {
        close();
    }

    @Override
    public boolean isAnswering() {
        return responding != Responding.NONE;
    }

    @Override
    public void onBroken(Failure failure) {
        closeAfter = true;
        if (responding != Responding.NONE) {
            cut();
        } else if (passed) {
            if (carrier == null) {
                record(failure);
            } else {
                carrier.onBroken(failure);
            }
            severed = true;
            context().fireChannelInactive();
            answer(failure);
        } else {
            refuse(failure);
        }
    }

    // ---- answers of our own ---------------------------------------------------------------------

    private void refuse(Failure failure) {
        record(failure);
        answer(failure);
    }

    private void record(Failure failure) {
        Answer answer = FailureResponses.to(failure);
        edge.unrouted().record(worker.index(), Method.of(head), answer, reader.startedAt());
    }

    private void answer(Failure failure) {
        Refusal refusal = edge.refuse(failure, sender.address());
        byte[] problem = ProblemResponse.body(refusal);
        boolean toHead = !reader.isInHead() && head.isMethod("HEAD");
        if (!reader.isWhole()) {
            closeAfter = true;
        }
        HeadWriter writer = ProblemResponse.head(worker.writer(), refusal);
        writer.contentLength(problem.length);
        if (closeAfter) {
            writer.connectionClose();
        } else if (head.isHttp10()) {
            writer.keepAlive();
        }
        ByteBuf out = worker.allocator().directBuffer(writer.size() + problem.length);
        writer.endTo(out);
        if (!toHead) {
            out.writeBytes(problem);
        }
        responding = Responding.ENDED;
        context().write(out);
        if (closeAfter) {
            reader.end(context(), channel());
        } else {
            context().flush();
            next();
        }
    }

    // ---- responses from behind ------------------------------------------------------------------

    /** The handler that watches them; it stands between those who make them and the codec. */
    ChannelHandler responses() {
        return new Responses();
    }

    private final class Responses extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (severed) {
                ReferenceCountUtil.release(message);
                promise.trySuccess();
                return;
            }
            ChannelPromise written = promise;
            if (message instanceof HttpResponse response && responding == Responding.NONE) {
                if (response.status().code() == 101) {
                    written = promise.unvoid();
                    written.addListener(_ -> loop().execute(EdgeConnection.this::surrender));
                } else if (response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
                    responseStarts(response);
                }
            }
            if (message instanceof LastHttpContent && responding == Responding.STARTED) {
                written = promise.unvoid();
                written.addListener(_ -> responseEnded());
            }
            ctx.write(message, written);
        }
    }

    private void responseStarts(HttpResponse response) {
        responding = Responding.STARTED;
        if (!reader.isWhole()) {
            closeAfter = true;
        }
        if (head.isHttp10()) {
            forHttp10(response);
        }
        if (closeAfter) {
            HttpUtil.setKeepAlive(response, false);
        }
    }

    /**
     * An HTTP/1.0 client does not know chunks: without a length the connection's end is the end.
     */
    private void forHttp10(HttpResponse response) {
        if (HttpUtil.isTransferEncodingChunked(response)) {
            response.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
            endsWithConnection = !head.isMethod("HEAD");
            closeAfter |= endsWithConnection;
        }
        if (!closeAfter) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }

    private void responseEnded() {
        responding = Responding.ENDED;
        if (!channel().isActive()) {
            return;
        }
        if (closeAfter) {
            reader.end(context(), channel());
        } else {
            // Reactor Netty has to hear of the end, too, before it can take another request.
            loop().execute(this::finish);
        }
    }

    private void finish() {
        if (responding != Responding.ENDED || !channel().isActive()) {
            return;
        }
        if (closeAfter || !reader.isWhole()) {
            reader.end(context(), channel());
        } else {
            next();
            reader.proceed();
        }
    }

    private void next() {
        responding = Responding.NONE;
        passed = false;
        invited = false;
        endsWithConnection = false;
        carrier = null;
        sender = peer;
        reader.next();
    }

    /** Those behind have switched to another protocol. */
    private void surrender() {
        transparent = true;
        ByteBuf early = reader.surrender();
        if (early != null) {
            context().fireChannelRead(early);
            context().fireChannelReadComplete();
        }
        context().read();
    }

    /** Those behind want to close: the client may have to be heard out first. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!severed && (transparent || responding != Responding.ENDED)) {
            ctx.close(promise);
            return;
        }
        ctx.channel().closeFuture().addListener(_ -> promise.trySuccess());
        if (!closeAfter) {
            closeAfter = true;
            reader.end(ctx, ctx.channel());
        }
    }

    // ---- the client, for those who handle its request -------------------------------------------

    @Override
    public Worker worker() {
        return worker;
    }

    @Override
    public long startedAt() {
        return reader.startedAt();
    }

    @Override
    public Caller caller() {
        return sender.caller();
    }

    @Override
    public String scheme() {
        return sender.scheme();
    }

    @Override
    public RequestHead received() {
        return head;
    }

    @Override
    public HttpLimits limits() {
        return edge.settings().limits();
    }

    @Override
    public BodyReader body() {
        return reader.body();
    }

    @Override
    public byte[] forwardedLines() {
        return sender.forwardedLines();
    }

    @Override
    public void carriedBy(Carrier carrier) {
        this.carrier = carrier;
    }

    @Override
    public void sendContinue() {
        boolean awaited = head.expectsContinue() && !head.isHttp10() && !invited;
        if (awaited && reader.isInBody() && responding == Responding.NONE) {
            invited = true;
            ByteBuf out = worker.allocator().directBuffer();
            HeadWriter.continueTo(out);
            context().writeAndFlush(out);
            reader.bodyInvited();
        }
    }

    @Override
    public boolean isWritable() {
        return channel().isWritable();
    }

    @Override
    public void cut() {
        context().flush();
        if (endsWithConnection) {
            // A clean end would be the end of the body; a reset is none.
            channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        close();
    }
}
