// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundInvoker;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.HttpFault;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.loop.Deadline;
import io.weft.dataplane.loop.Worker;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of a client's connection. It takes one request at a time from what arrives; what
 * a client sends ahead waits, and while more than a little waits nothing more is read. A request
 * that cannot be understood, or does not come, is the last one of its connection.
 *
 * <p>A request goes HEAD → BODY → READ, and {@link #next} begins another one. Used on one event
 * loop.
 */
public final class RequestReader {

    /** What may wait behind the request that is being answered. */
    private static final int MAX_WAITING = 64 * 1024;

    /** How long a client is heard out after the last response, so that it can read it. */
    private static final long LINGER_NANOS = 2_000_000_000L;

    /**
     * A chunked body is held back until it is whole, larger than this, or has been waited for so
     * long: most are small, and one whose chunks turn out to be malformed then never reaches a
     * service.
     */
    private static final int HELD_BYTES = 16 * 1024;

    private static final long HOLD_NANOS = 100_000_000L;

    /** Who gets the requests. */
    public interface Taker {

        /** A request begins; its body is handed out once {@link #takeBody} was called. */
        void onRequest();

        /** A piece of the body, to be released by the taker. */
        void onBody(ByteBuf data);

        /** The body has come to its end. */
        void onBodyEnd(BodyReader body);

        /** What has arrived so far has been handed out, as far as it is wanted. */
        void onReadComplete();

        /** The request cannot be understood, or does not come. */
        void onBroken(Failure failure);

        /** There is nothing left to wait for: the connection can be closed. */
        void onExpired();

        /** Whether a response to the request has begun. */
        boolean isAnswering();

        /** Whether more bytes are welcome from the connection. */
        void read(boolean more);
    }

    private enum Reading {
        HEAD,
        BODY,
        READ,
        /** Whatever comes is thrown away until the client has taken the last response. */
        LINGERING
    }

    private final ServerSettings settings;
    private final Worker worker;
    private final Taker taker;
    private final RequestHead head;
    private final BodyReader body;
    private final Deadline deadline;
    private final Queue<ByteBuf> held = new ArrayDeque<>(1);

    private @Nullable ByteBuf waiting;
    private Reading reading = Reading.HEAD;
    private boolean processing;
    private boolean holding;
    private boolean bodyWanted;
    private boolean bodyPaused;
    private boolean bodyTimed;
    private long unsent;
    private @Nullable Channel ending;
    private long startedAt;
    private long bodyBytes;

    public RequestReader(ServerSettings settings, Worker worker, Taker taker) {
        this.settings = settings;
        this.worker = worker;
        this.taker = taker;
        this.head = new RequestHead(settings.limits());
        this.body = new BodyReader(settings.limits());
        this.deadline = new Deadline(worker.loop(), this::onDue);
    }

    /** The head of the request that is being read or answered. */
    public RequestHead head() {
        return head;
    }

    /** The body of the request that is being read or answered. */
    public BodyReader body() {
        return body;
    }

    /** When the request's head was complete, in {@link System#nanoTime()}. */
    public long startedAt() {
        return startedAt;
    }

    /** Whether the head of a request is still to come. */
    public boolean isInHead() {
        return reading == Reading.HEAD;
    }

    /** Whether nothing of a request has come yet. */
    public boolean isIdle() {
        return reading == Reading.HEAD && !head.isBegun();
    }

    public boolean isInBody() {
        return reading == Reading.BODY;
    }

    /** Whether the request has been read to its end. */
    public boolean isWhole() {
        return reading == Reading.READ;
    }

    // ---- from the connection --------------------------------------------------------------------

    /** The connection is there: the first head is due. */
    public void start() {
        deadline.set(System.nanoTime() + settings.header().toNanos());
    }

    /** Takes what has arrived, and releases it. */
    public void take(ByteBuf in) {
        if (reading == Reading.LINGERING) {
            in.release();
            return;
        }
        waiting = waiting == null ? in : append(waiting, in);
        proceed();
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
    public void proceed() {
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
        taker.onReadComplete();
        limitWaiting();
    }

    private void dropIfEmpty() {
        if (waiting != null && !waiting.isReadable()) {
            dropWaiting();
        }
    }

    private boolean dropWaiting() {
        if (waiting != null) {
            waiting.release();
            waiting = null;
        }
        return false;
    }

    private void dropHeld() {
        ByteBuf data = held.poll();
        while (data != null) {
            data.release();
            data = held.poll();
        }
    }

    private void limitWaiting() {
        if (reading != Reading.LINGERING) {
            boolean full = waiting != null && waiting.readableBytes() > MAX_WAITING;
            taker.read(!full && !(bodyPaused && reading == Reading.BODY));
        }
    }

    // ---- a request ------------------------------------------------------------------------------

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
                startedAt = System.nanoTime();
                taker.onBroken(new Failure.Malformed(head.fault()));
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
        bodyWanted = false;
        bodyPaused = false;
        bodyTimed = false;
        bodyBytes = 0;
        holding = head.isChunked() && !head.expectsContinue();
        if (holding) {
            deadline.set(startedAt + HOLD_NANOS);
        } else {
            // How long the service may take is not the reader's concern.
            deadline.clear();
            taker.onRequest();
        }
    }

    /** Lets go of a request whose body was held back. */
    private void endHolding() {
        holding = false;
        taker.onRequest();
    }

    private boolean readBody(ByteBuf in) {
        if (!holding && (!bodyWanted || bodyPaused)) {
            return false;
        }
        ByteBuf data = body.read(in, worker.allocator());
        HttpFault fault = body.fault();
        if (data != null) {
            if (!holding && !bodyTimed) {
                // It was not invited, but here it comes.
                startBodyWindow();
            }
            bodyBytes += data.readableBytes();
            if (holding) {
                held.add(data);
            } else {
                taker.onBody(data);
            }
        }
        if (fault != null) {
            taker.onBroken(new Failure.Malformed(fault));
            return false;
        }
        if (holding && (body.isDone() || bodyBytes > HELD_BYTES)) {
            endHolding();
        }
        return endBody() || data != null;
    }

    /** Tells when the body has come to its end; returns whether another request begins. */
    private boolean endBody() {
        if (body.isDone() && reading == Reading.BODY && bodyWanted && held.isEmpty()) {
            reading = Reading.READ;
            taker.onBodyEnd(body);
        }
        return reading == Reading.HEAD;
    }

    /**
     * From now on the body is handed out, unless {@linkplain #pause() paused}.
     *
     * @return whether some of it follows when the caller has returned, with {@link
     *     Taker#onReadComplete} after it
     */
    public boolean takeBody() {
        bodyWanted = true;
        if (!head.expectsContinue()) {
            startBodyWindow();
        }
        handOutHeld();
        endBody();
        if (processing) {
            // The loop that is running goes on with the body.
            return true;
        }
        proceed();
        return false;
    }

    private void handOutHeld() {
        ByteBuf data = held.poll();
        while (data != null) {
            taker.onBody(data);
            data = held.poll();
        }
    }

    /** No more of the body, until {@link #resume}. */
    public void pause() {
        bodyPaused = true;
    }

    public void resume() {
        if (bodyPaused) {
            bodyPaused = false;
            if (bodyTimed && reading == Reading.BODY) {
                // While it was paused nothing could come.
                startBodyWindow();
            }
            proceed();
        }
    }

    /** The client was told to send the body that it is waiting with. */
    public void bodyInvited() {
        startBodyWindow();
    }

    /** Turns to the next request, once {@link #proceed} is called. */
    public void next() {
        reading = Reading.HEAD;
        head.reset();
        deadline.set(System.nanoTime() + settings.keepAlive().toNanos());
    }

    // ---- the end --------------------------------------------------------------------------------

    /**
     * Ends the connection in a way that lets the client read the last response: while unread bytes
     * are left, closing would make the kernel reset it.
     *
     * @param out where what was written before has gone, and the end goes
     */
    public void end(ChannelOutboundInvoker out, Channel channel) {
        boolean clean = reading == Reading.READ && waiting == null;
        reading = Reading.LINGERING;
        dropWaiting();
        dropHeld();
        ending = channel;
        unsent = Long.MAX_VALUE;
        deadline.set(System.nanoTime() + settings.bodyWindow().toNanos());
        var flushed = out.writeAndFlush(Unpooled.EMPTY_BUFFER);
        if (clean) {
            flushed.addListener(_ -> out.close());
            return;
        }
        taker.read(true);
        flushed.addListener(
                future -> {
                    if (future.isSuccess()) {
                        linger(channel);
                    }
                });
    }

    /** All has gone out: the client learns that this was the end, and is heard out. */
    private void linger(Channel channel) {
        unsent = 0;
        deadline.set(System.nanoTime() + LINGER_NANOS);
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (channel instanceof SocketChannel socket) {
            if (tls == null) {
                socket.shutdownOutput();
            } else {
                tls.closeOutbound().addListener(_ -> socket.shutdownOutput());
            }
        }
    }

    /** A client that still takes its last response gets the time; one that does not, does not. */
    private void checkEnding() {
        var buffer = ending == null ? null : ending.unsafe().outboundBuffer();
        long left = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        boolean taken =
                left < unsent
                        || left > 0
                                && ending != null
                                && StalledWrites.isSending(ending, settings.bodyWindow());
        if (!taken) {
            taker.onExpired();
        } else {
            unsent = left;
            deadline.set(System.nanoTime() + settings.bodyWindow().toNanos());
        }
    }

    /** Gives up everything. */
    public void release() {
        deadline.cancel();
        reading = Reading.LINGERING;
        dropWaiting();
        dropHeld();
    }

    /**
     * Gives the connection away: what it carries from now on is no longer HTTP.
     *
     * @return what has arrived and was not taken, or null
     */
    public @Nullable ByteBuf surrender() {
        ByteBuf rest = waiting;
        waiting = null;
        release();
        return rest;
    }

    // ---- time -----------------------------------------------------------------------------------

    private void onDue() {
        switch (reading) {
            case HEAD -> {
                if (head.isBegun()) {
                    startedAt = System.nanoTime();
                    taker.onBroken(new Failure.SlowClient("head"));
                } else {
                    taker.onExpired();
                }
            }
            case BODY -> {
                if (holding) {
                    endHolding();
                } else {
                    checkBodyRate();
                }
            }
            case READ -> {}
            case LINGERING -> checkEnding();
        }
    }

    private void startBodyWindow() {
        bodyTimed = true;
        bodyBytes = 0;
        deadline.set(System.nanoTime() + settings.bodyWindow().toNanos());
    }

    private void checkBodyRate() {
        if (taker.isAnswering()) {
            return;
        }
        long expected = settings.bodyRate() * settings.bodyWindow().toMillis() / 1_000;
        if (!bodyPaused && bodyBytes < expected) {
            taker.onBroken(new Failure.SlowClient("body"));
        } else {
            startBodyWindow();
        }
    }
}
