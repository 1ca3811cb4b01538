// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.util.NetUtil;
import io.weft.dataplane.dispatch.Downstream;
import io.weft.dataplane.dispatch.Permit;
import io.weft.dataplane.dispatch.PolicyAnswer;
import io.weft.dataplane.dispatch.Relay;
import io.weft.dataplane.dispatch.Via;
import io.weft.dataplane.failure.Answer;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.FailureResponses;
import io.weft.dataplane.failure.Flag;
import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.FieldEdits;
import io.weft.dataplane.http.HeadWriter;
import io.weft.dataplane.http.OutputBuffer;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.http.ResponseHead;
import io.weft.dataplane.http.Sender;
import io.weft.dataplane.identity.Credentials;
import io.weft.dataplane.identity.Peer;
import io.weft.dataplane.loop.Deadline;
import io.weft.dataplane.loop.Worker;
import io.weft.dataplane.telemetry.Method;
import io.weft.dataplane.telemetry.Series;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Caller;
import io.weft.policy.request.HeaderName;
import io.weft.policy.route.HeaderEdits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: a {@link RequestReader}, a {@link Relay} and the responses.
 *
 * <p>A response goes NONE → STARTED → ENDED; the next request begins when it and the request before
 * have come to their end, and the connection closes instead when the response ended first.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter
        implements Exchange, Downstream, RequestReader.Taker, Connections.Member {

    private static final int BODY_ROOM = 2_048;
    private static final byte[] NOWHERE = new byte[4];
    private static final HeaderName FORWARDED_FOR = HeaderName.of("x-forwarded-for");

    private static final byte[] NOTHING = {};
    private static final byte[] CONTENT_TYPE = ascii("content-type");
    private static final byte[] UNPROCESSED = ascii("x-weft-unprocessed");
    private static final byte[] ONE = ascii("1");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private enum Responding {
        NONE,
        STARTED,
        ENDED
    }

    private final RequestHandler handler;
    private final Listener listener;
    private final Worker worker;
    private final Channel channel;
    private final OutputBuffer output;
    private final RequestReader reader;
    private final RequestHead head;
    private final Relay relay;
    private final StalledWrites stalled;
    private final @Nullable InetSocketAddress address;
    private final @Nullable Peer peer;
    private final @Nullable Deadline expiry;
    private final byte[] forwardedLines;
    private final Caller caller;

    private Responding responding = Responding.NONE;
    private boolean closeAfter;
    private boolean continued;
    private boolean chunkedResponse;
    private boolean endsWithConnection;

    /**
     * @param peer who is at the other end, or null when nobody has proved anything
     */
    ServerConnection(Listener listener, Worker worker, SocketChannel channel, @Nullable Peer peer) {
        this.listener = listener;
        this.handler = listener.handler();
        this.worker = worker;
        this.channel = channel;
        this.output = new OutputBuffer(channel, worker.allocator());
        this.reader = new RequestReader(listener.settings(), worker, this);
        this.head = reader.head();
        this.relay = new Relay(worker, this, head, listener.via());
        this.stalled = new StalledWrites(worker.loop(), channel, listener.settings().bodyWindow());
        this.address = channel.remoteAddress();
        this.peer = peer;
        this.expiry = peer == null ? null : new Deadline(worker.loop(), this::drain);
        this.forwardedLines = Via.forwardedLines(address, "http");
        byte[] from = address == null ? NOWHERE : address.getAddress().getAddress();
        this.caller =
                peer == null ? Caller.unidentified(from) : Caller.of(peer.id().workload(), from);
    }

    // ---- the connection -------------------------------------------------------------------------

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin();
        ctx.fireChannelActive();
    }

    /** The connection is there, and its other end is known. */
    void begin() {
        reader.start();
        if (peer != null && expiry != null) {
            Duration left = Duration.between(Instant.now(), peer.notAfter());
            expiry.set(System.nanoTime() + left.toNanos());
        }
    }

    @Override
    public void recheck() {
        MeshDoor door = listener.door();
        Credentials now = door == null ? null : door.identity().credentials();
        if (peer != null && now != null && !now.stillBelieve(peer)) {
            drain();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reader.take((ByteBuf) message);
    }

    @Override
    public void read(boolean more) {
        if (channel.config().isAutoRead() != more) {
            channel.config().setAutoRead(more);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        stalled.writabilityChanged();
        if (channel.isWritable()) {
            relay.downstreamWritable();
            if (responding == Responding.ENDED && reader.isWhole()) {
                goOn();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        relay.close();
        reader.release();
        stalled.cancel();
        if (expiry != null) {
            expiry.cancel();
        }
        output.release();
        listener.connections().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException) && !(cause instanceof DecoderException)) {
            listener.defect(cause);
            relay.cancel(new Failure.Defect());
        }
        close();
    }

    @Override
    public EventLoop loop() {
        return worker.loop();
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void drain() {
        closeAfter = true;
        if (reader.isIdle()) {
            close();
        }
    }

    // ---- the request, from the reader -----------------------------------------------------------

    @Override
    public void onRequest() {
        closeAfter |= !head.isPersistent() || listener.connections().isDraining();
        if (listener.via().hasPassed(head)) {
            fail(new Failure.Loop());
        } else {
            handler.handle(this);
        }
    }

    @Override
    public void onBody(ByteBuf data) {
        relay.requestBody(data);
    }

    @Override
    public void onBodyEnd(BodyReader body) {
        relay.requestEnd(body);
        finishIfDone();
    }

    @Override
    public void onReadComplete() {
        relay.flushRequest();
    }

    @Override
    public void onBroken(Failure failure) {
        closeAfter = true;
        if (relay.isActive()) {
            relay.fail(failure);
        } else {
            fail(failure);
        }
    }

    @Override
    public void onExpired() {
        close();
    }

    @Override
    public boolean isAnswering() {
        return responding != Responding.NONE;
    }

    // ---- the exchange, for handlers -------------------------------------------------------------

    @Override
    public RequestHead head() {
        return head;
    }

    @Override
    public Worker worker() {
        return worker;
    }

    @Override
    public @Nullable Peer peer() {
        return peer;
    }

    @Override
    public Caller caller() {
        return isEdge() ? behindEdge() : caller;
    }

    @Override
    public boolean isEdge() {
        return peer != null && peer.id().workload().equals(ServiceName.GATEWAY);
    }

    /** The edge has written down whose request it passes on. */
    private Caller behindEdge() {
        int field = head.header(FORWARDED_FOR, 0);
        if (field < 0) {
            return caller;
        }
        int start = head.valueStart(field);
        var text =
                new String(
                        head.bytes(),
                        start,
                        head.valueEnd(field) - start,
                        StandardCharsets.US_ASCII);
        byte[] client = NetUtil.createByteArrayFromIpAddressString(text);
        return client == null ? caller : Caller.of(ServiceName.GATEWAY, client);
    }

    @Override
    public void relay(Permit permit) {
        relay.start(permit, head, reader.startedAt());
    }

    @Override
    public void fail(Failure failure) {
        fail(failure, listener.unrouted());
    }

    @Override
    public void fail(Failure failure, Series series) {
        Answer answer = FailureResponses.to(failure);
        series.record(worker.index(), Method.of(head), answer, reader.startedAt());
        failed(failure, FieldEdits.NONE);
    }

    @Override
    public void failed(Failure failure, FieldEdits edits) {
        Refusal refusal = listener.refuse(failure, address);
        HeadWriter writer = ProblemResponse.head(worker.writer(), refusal).added(edits);
        if (failure.isUnprocessed() && listener.announcesUnprocessed()) {
            writer.field(UNPROCESSED, ONE);
        }
        answer(writer, ProblemResponse.body(refusal));
    }

    @Override
    public void answer(PolicyAnswer answer, Series series) {
        long spent = System.nanoTime() - reader.startedAt();
        series.record(worker.index(), Method.of(head), answer.status(), Flag.OK, spent);
        HeadWriter writer = worker.writer().response(answer.status(), answer.reason());
        for (HeaderEdits.Field field : answer.headers()) {
            writer.field(ascii(field.name().toString()), ascii(field.value()));
        }
        if (answer.mayHaveBody()) {
            answer(writer, answer.body());
        } else {
            finish(writer, NOTHING);
        }
    }

    @Override
    public void respond(int status, String reason, String contentType, byte[] content) {
        answer(
                worker.writer().response(status, reason).field(CONTENT_TYPE, ascii(contentType)),
                content);
    }

    private void answer(HeadWriter writer, byte[] content) {
        boolean toHead = !reader.isInHead() && head.isMethod("HEAD");
        finish(writer.contentLength(content.length), toHead ? NOTHING : content);
    }

    private void finish(HeadWriter writer, byte[] content) {
        if (!reader.isWhole()) {
            closeAfter = true;
        }
        responding = Responding.STARTED;
        persistence(writer);
        ByteBuf out = output.open(writer.size() + content.length);
        writer.endTo(out);
        out.writeBytes(content);
        ended();
    }

    private void persistence(HeadWriter writer) {
        if (closeAfter) {
            writer.connectionClose();
        } else if (head.isHttp10()) {
            writer.keepAlive();
        }
    }

    // ---- the response, from the relay -----------------------------------------------------------

    /** Who comes through a door without having proved anything is let in, not believed. */
    @Override
    public Sender sender() {
        if (peer != null) {
            return Sender.PROXY;
        }
        return listener.door() == null ? Sender.APPLICATION : Sender.STRANGER;
    }

    @Override
    public byte[] forwardedLines() {
        return forwardedLines;
    }

    @Override
    public boolean startBody() {
        return reader.takeBody();
    }

    @Override
    public void pauseBody() {
        reader.pause();
    }

    @Override
    public void resumeBody() {
        reader.resume();
    }

    @Override
    public void sendContinue() {
        if (reader.isInBody() && responding == Responding.NONE && !continued) {
            continued = true;
            HeadWriter.continueTo(output.open(BODY_ROOM));
            output.flush();
            reader.bodyInvited();
        }
    }

    @Override
    public void responseHead(ResponseHead response, FieldEdits edits) {
        responding = Responding.STARTED;
        boolean toHead = head.isMethod("HEAD");
        boolean hasBody = response.hasBody(toHead);
        long length = response.contentLength();
        chunkedResponse = hasBody && length < 0 && !head.isHttp10();
        endsWithConnection = hasBody && length < 0 && head.isHttp10();
        if (!reader.isWhole() || endsWithConnection) {
            closeAfter = true;
        }
        HeadWriter writer = worker.writer().response(response, edits);
        if (chunkedResponse) {
            writer.chunked();
        } else if (length >= 0 && response.status() != 204) {
            writer.contentLength(length);
        }
        persistence(writer);
        int room = hasBody ? Math.clamp(length < 0 ? BODY_ROOM : length, 0, BODY_ROOM) : 0;
        writer.endTo(output.open(writer.size() + room));
    }

    @Override
    public void responseBody(ByteBuf data) {
        if (chunkedResponse) {
            output.writeChunk(data);
        } else {
            output.write(data);
        }
    }

    @Override
    public void responseEnd(BodyReader response) {
        if (chunkedResponse) {
            output.writeLastChunk(worker.writer(), response);
        }
        ended();
    }

    @Override
    public void flush() {
        if (responding == Responding.STARTED) {
            output.flush();
        }
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public boolean takeBack() {
        return false;
    }

    @Override
    public void abort() {
        output.flush();
        if (endsWithConnection && channel instanceof SocketChannel socket) {
            // A clean end would be the end of the body; a reset is none.
            socket.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        close();
    }

    private void ended() {
        output.flush();
        responding = Responding.ENDED;
        goOn();
    }

    private void goOn() {
        if (closeAfter) {
            reader.end(channel, channel);
        } else {
            finishIfDone();
            reader.proceed();
        }
    }

    /**
     * Turns to the next request when this one is over. A client that takes no responses gets no
     * further ones: what it sent ahead waits until it does.
     */
    private void finishIfDone() {
        boolean over = reader.isWhole() && responding == Responding.ENDED && channel.isWritable();
        if (!over || closeAfter) {
            return;
        }
        responding = Responding.NONE;
        continued = false;
        reader.next();
        if (listener.connections().isDraining()) {
            close();
        }
    }
}
