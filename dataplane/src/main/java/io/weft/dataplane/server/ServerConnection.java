// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.weft.dataplane.dispatch.Downstream;
import io.weft.dataplane.dispatch.Permit;
import io.weft.dataplane.dispatch.Relay;
import io.weft.dataplane.failure.Answer;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.FailureResponses;
import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.FieldEdits;
import io.weft.dataplane.http.HeadWriter;
import io.weft.dataplane.http.HttpFault;
import io.weft.dataplane.http.OutputBuffer;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.http.ResponseHead;
import io.weft.dataplane.loop.Deadline;
import io.weft.dataplane.loop.Worker;
import io.weft.dataplane.telemetry.Method;
import io.weft.dataplane.telemetry.Series;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection. It reads one request at a time; what a client sends ahead waits, and while
 * more than a little waits nothing more is read. A request that cannot be understood is the last
 * one of its connection.
 *
 * <p>The request goes HEAD → BODY → READ, the response NONE → STARTED → ENDED; the next request
 * begins when both have come to their end, and the connection closes instead when the response
 * ended first.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter implements Exchange, Downstream {

    /** What may wait behind the request that is being answered. */
    private static final int MAX_WAITING = 64 * 1024;

    /** How long a client is heard out after the last response, so that it can read it. */
    private static final long LINGER_NANOS = 2_000_000_000L;

    private static final int BODY_ROOM = 2_048;

    /**
     * A chunked body is held back until it is whole, larger than this, or has been waited for so
     * long: most are small, and one whose chunks turn out to be malformed then never reaches a
     * service.
     */
    private static final int HELD_BYTES = 16 * 1024;

    private static final long HOLD_NANOS = 100_000_000L;

    private static final byte[] CONTENT_TYPE = ascii("content-type");
    private static final byte[] PROBLEM = ascii("application/problem+json");
    private static final byte[] DECISION = ascii("x-weft-decision");
    private static final byte[] UNPROCESSED = ascii("x-weft-unprocessed");
    private static final byte[] ALLOW = ascii("allow");
    private static final byte[] METHODS = ascii("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    private static final byte[] ONE = ascii("1");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private enum Reading {
        HEAD,
        BODY,
        READ,
        /** Whatever comes is thrown away until the client has taken the last response. */
        LINGERING
    }

    private enum Responding {
        NONE,
        STARTED,
        ENDED
    }

    private final ServerSettings settings;
    private final RequestHandler handler;
    private final Listener listener;
    private final Worker worker;
    private final Channel channel;
    private final OutputBuffer output;
    private final RequestHead head;
    private final BodyReader body;
    private final Relay relay;
    private final Deadline deadline;
    private final @Nullable InetSocketAddress peer;
    private final byte[] forwardedLines;

    private @Nullable ByteBuf waiting;
    private Reading reading = Reading.HEAD;
    private Responding responding = Responding.NONE;
    private final List<ByteBuf> held = new ArrayList<>(0);
    private boolean processing;
    private boolean holding;
    private boolean bodyWanted;
    private boolean bodyPaused;
    private boolean closeAfter;
    private boolean chunkedResponse;
    private boolean endsWithConnection;
    private long startedAt;
    private long bodyBytes;
    private long unwritten;

    ServerConnection(Listener listener, Worker worker, SocketChannel channel) {
        this.listener = listener;
        this.settings = listener.settings();
        this.handler = listener.handler();
        this.worker = worker;
        this.channel = channel;
        this.output = new OutputBuffer(channel, worker.allocator());
        this.head = new RequestHead(settings.limits());
        this.body = new BodyReader(settings.limits());
        this.relay = new Relay(worker, this, head, listener.via());
        this.deadline = new Deadline(worker.loop(), this::onDue);
        this.peer = channel.remoteAddress();
        this.forwardedLines = forwardedLines(peer);
    }

    private static byte[] forwardedLines(@Nullable InetSocketAddress peer) {
        String address = peer == null ? "unknown" : peer.getAddress().getHostAddress();
        return ("x-forwarded-for: " + address + "\r\nx-forwarded-proto: http\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    // ---- reading --------------------------------------------------------------------------------

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline.set(System.nanoTime() + settings.header().toNanos());
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (reading == Reading.LINGERING) {
            in.release();
            return;
        }
        if (waiting == null) {
            waiting = in;
        } else {
            waiting = append(waiting, in);
        }
        process();
    }

    private ByteBuf append(ByteBuf first, ByteBuf second) {
        ByteBuf both =
                worker.allocator().directBuffer(first.readableBytes() + second.readableBytes());
        both.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return both;
    }

    /** Goes on as far as what has arrived allows. */
    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            boolean progress = true;
            while (progress && waiting != null) {
                progress =
                        switch (reading) {
                            case HEAD -> readHead(waiting);
                            case BODY -> readBody(waiting);
                            case READ -> false;
                            case LINGERING -> dropWaiting();
                        };
                dropIfEmpty();
            }
        } finally {
            processing = false;
        }
        relay.flushRequest();
        limitWaiting();
    }

    private void dropIfEmpty() {
        if (waiting != null && !waiting.isReadable()) {
            waiting.release();
            waiting = null;
        }
    }

    private boolean dropWaiting() {
        if (waiting != null) {
            waiting.release();
            waiting = null;
        }
        return false;
    }

    private void limitWaiting() {
        if (reading == Reading.LINGERING) {
            return;
        }
        boolean full = waiting != null && waiting.readableBytes() > MAX_WAITING;
        boolean read = !full && !(bodyPaused && reading == Reading.BODY);
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    private boolean readHead(ByteBuf in) {
        if (!in.isReadable()) {
            return false;
        }
        boolean first = !head.isBegun();
        return switch (head.feed(in)) {
            case MORE -> {
                if (first) {
                    deadline.set(System.nanoTime() + settings.header().toNanos());
                }
                yield false;
            }
            case FAULT -> {
                breakOff(new Failure.Malformed(head.fault()));
                yield false;
            }
            case COMPLETE -> {
                begin();
                yield true;
            }
        };
    }

    private void begin() {
        startedAt = System.nanoTime();
        body.start(head);
        reading = body.isDone() ? Reading.READ : Reading.BODY;
        responding = Responding.NONE;
        bodyWanted = false;
        bodyPaused = false;
        bodyBytes = 0;
        closeAfter = !head.isPersistent() || listener.isDraining();
        holding = head.isChunked() && !head.expectsContinue();
        if (holding) {
            deadline.set(startedAt + HOLD_NANOS);
        } else {
            dispatch();
        }
    }

    private void dispatch() {
        if (listener.via().hasPassed(head)) {
            fail(new Failure.Loop());
        } else {
            handler.handle(this);
        }
    }

    /** Lets go of a request whose body was held back. */
    private void endHolding() {
        holding = false;
        dispatch();
    }

    private boolean readBody(ByteBuf in) {
        if (!holding && (!bodyWanted || bodyPaused)) {
            return false;
        }
        ByteBuf data = body.read(in, worker.allocator());
        HttpFault fault = body.fault();
        if (data != null) {
            bodyBytes += data.readableBytes();
            pass(data);
        }
        if (fault != null) {
            breakOff(new Failure.Malformed(fault));
            return false;
        }
        if (holding && (body.isDone() || bodyBytes > HELD_BYTES)) {
            endHolding();
        }
        return endBody() || data != null;
    }

    private void pass(ByteBuf data) {
        if (holding) {
            held.add(data);
        } else {
            relay.requestBody(data);
        }
    }

    /**
     * Tells the relay when the body has come to its end; returns whether another request begins.
     */
    private boolean endBody() {
        if (!body.isDone() || reading != Reading.BODY || !bodyWanted || !held.isEmpty()) {
            return false;
        }
        reading = Reading.READ;
        relay.requestEnd(body);
        return finishIfDone();
    }

    /** The rest of the request cannot be understood, or does not come. */
    private void breakOff(Failure failure) {
        closeAfter = true;
        if (relay.isActive()) {
            relay.fail(failure);
        } else {
            fail(failure);
        }
    }

    private void onDue() {
        switch (reading) {
            case HEAD -> {
                if (head.isBegun()) {
                    breakOff(new Failure.SlowClient("head"));
                } else {
                    close();
                }
            }
            case BODY -> {
                if (holding) {
                    endHolding();
                } else {
                    checkBodyRate();
                }
            }
            case READ -> checkResponseRate();
            case LINGERING -> close();
        }
    }

    private void startBodyWindow() {
        bodyBytes = 0;
        deadline.set(System.nanoTime() + settings.bodyWindow().toNanos());
    }

    private void checkBodyRate() {
        if (responding != Responding.NONE) {
            checkResponseRate();
        } else if (!bodyPaused
                && bodyBytes < settings.bodyRate() * settings.bodyWindow().toSeconds()) {
            breakOff(new Failure.SlowClient("body"));
        } else {
            startBodyWindow();
        }
    }

    /** A client that takes nothing of a response that waits for it holds memory for nothing. */
    private void checkResponseRate() {
        long waitingBytes = channel.bytesBeforeWritable();
        if (waitingBytes > 0 && waitingBytes >= unwritten) {
            close();
        } else if (waitingBytes > 0) {
            unwritten = waitingBytes;
            deadline.set(System.nanoTime() + settings.bodyWindow().toNanos());
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            unwritten = 0;
            relay.downstreamWritable();
        } else if (responding == Responding.STARTED) {
            unwritten = Long.MAX_VALUE;
            deadline.set(System.nanoTime() + settings.bodyWindow().toNanos());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        relay.cancel();
        release();
        listener.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            listener.defect(cause);
        }
        close();
    }

    private void release() {
        deadline.cancel();
        output.release();
        reading = Reading.LINGERING;
        dropWaiting();
        dropHeld();
    }

    private void dropHeld() {
        held.forEach(ByteBuf::release);
        held.clear();
    }

    void close() {
        channel.close();
    }

    /** Ends the connection as soon as no request is being answered. */
    void drain() {
        closeAfter = true;
        if (reading == Reading.HEAD && !head.isBegun()) {
            close();
        }
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
    public void relay(Permit permit) {
        relay.start(permit, head, startedAt);
    }

    @Override
    public void fail(Failure failure) {
        fail(failure, listener.unrouted());
    }

    @Override
    public void fail(Failure failure, Series series) {
        Answer answer = FailureResponses.to(failure);
        long nanos = System.nanoTime() - startedAt;
        series.record(worker.index(), Method.of(head), answer.status(), answer.flag(), nanos);
        failed(failure);
    }

    @Override
    public void failed(Failure failure) {
        Refusal refusal = listener.refuse(failure, peer);
        Answer answer = refusal.answer();
        byte[] problem = answer.toProblem(refusal.decision()).getBytes(StandardCharsets.UTF_8);
        HeadWriter writer =
                worker.writer()
                        .response(answer.status(), answer.reason())
                        .field(CONTENT_TYPE, PROBLEM)
                        .field(DECISION, ascii(refusal.decision()));
        if (failure.isUnprocessed() && listener.announcesUnprocessed()) {
            writer.field(UNPROCESSED, ONE);
        }
        if (answer.status() == 405) {
            writer.field(ALLOW, METHODS);
        }
        answer(writer, problem);
    }

    @Override
    public void respond(int status, String reason, String contentType, byte[] content) {
        answer(
                worker.writer().response(status, reason).field(CONTENT_TYPE, ascii(contentType)),
                content);
    }

    private void answer(HeadWriter writer, byte[] content) {
        boolean toHead = reading != Reading.HEAD && head.isMethod("HEAD");
        if (reading != Reading.READ) {
            closeAfter = true;
        }
        responding = Responding.STARTED;
        writer.contentLength(content.length);
        persistence(writer);
        ByteBuf out = output.open(writer.size() + content.length);
        writer.endTo(out);
        if (!toHead) {
            out.writeBytes(content);
        }
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

    @Override
    public byte[] forwardedLines() {
        return forwardedLines;
    }

    @Override
    public boolean startBody() {
        bodyWanted = true;
        if (!head.expectsContinue()) {
            startBodyWindow();
        }
        passHeld();
        if (processing) {
            // The loop that is running goes on with the body, and flushes.
            return true;
        }
        process();
        return false;
    }

    private void passHeld() {
        for (ByteBuf data : held) {
            relay.requestBody(data);
        }
        held.clear();
        endBody();
    }

    @Override
    public void pauseBody() {
        bodyPaused = true;
    }

    @Override
    public void resumeBody() {
        if (bodyPaused) {
            bodyPaused = false;
            process();
        }
    }

    @Override
    public void sendContinue() {
        if (reading == Reading.BODY && responding == Responding.NONE && !head.isHttp10()) {
            HeadWriter.continueTo(output.open(BODY_ROOM));
            output.flush();
            startBodyWindow();
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
        if (reading != Reading.READ || endsWithConnection) {
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
    public void abort() {
        output.flush();
        if (endsWithConnection && channel instanceof SocketChannel socket) {
            // A clean end would be the end of the body; a reset is none.
            socket.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        close();
    }

    private void ended() {
        responding = Responding.ENDED;
        output.flush();
        if (closeAfter) {
            endConnection();
        } else if (finishIfDone()) {
            process();
        }
    }

    /** Turns to the next request when this one is over; false when it is not. */
    private boolean finishIfDone() {
        if (reading != Reading.READ || responding != Responding.ENDED || closeAfter) {
            return false;
        }
        reading = Reading.HEAD;
        responding = Responding.NONE;
        head.reset();
        if (listener.isDraining()) {
            close();
            return false;
        }
        deadline.set(System.nanoTime() + settings.keepAlive().toNanos());
        return true;
    }

    /**
     * Closes the connection in a way that lets the client read the last response: while unread
     * bytes are left, closing would make the kernel reset it.
     */
    private void endConnection() {
        boolean clean = reading == Reading.READ && waiting == null;
        reading = Reading.LINGERING;
        dropWaiting();
        dropHeld();
        if (clean) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        channel.config().setAutoRead(true);
        deadline.set(System.nanoTime() + LINGER_NANOS);
        if (channel instanceof SocketChannel socket) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> socket.shutdownOutput());
        }
    }
}
