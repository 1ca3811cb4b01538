// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.concurrent.Future;
import io.weft.configserver.feed.FeedView.Told;
import io.weft.configserver.feed.LineReader.TooLongException;
import io.weft.configserver.registry.StreamId;
import io.weft.dataplane.identity.Peer;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedCodec.UnreadableMessageException;
import io.weft.policy.feed.FeedMessage;
import io.weft.policy.feed.FeedMessage.FromProxy;
import io.weft.policy.feed.FeedMessage.Hello;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Plane;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One connection of one subscriber, on its event loop.
 *
 * <ol>
 *   <li>Its first line is {@code hello}; until then there is no response.
 *   <li>The response begins, and the stream sends whatever the subscriber has not been told. While
 *       one write is under way there is no other: what changes meanwhile is told by the next.
 *   <li>It ends when the subscriber ends it, is silent, takes nothing or talks nonsense.
 * </ol>
 */
final class FeedStream {

    static final Duration HELLO_WITHIN = Duration.ofSeconds(5);

    /** Having said nothing for so long, the server says that it is there. */
    static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /** Having said nothing for so long, a subscriber is not there. */
    static final Duration SILENCE = Duration.ofSeconds(10);

    /** A subscriber that takes so long to take one message does not read. */
    static final Duration STUCK = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(FeedStream.class);

    private static final Line HEARTBEAT_LINE =
            new Line(() -> FeedCodec.write(new FeedMessage.Heartbeat()) + "\n");

    private final StreamId id;
    private final Channel channel;
    private final FeedHub hub;
    private final LineReader reader = new LineReader();
    private final Sinks.One<Hello> hello = Sinks.one();
    private final Sinks.Empty<Void> end = Sinks.empty();
    private final AtomicBoolean woken = new AtomicBoolean();

    // Written on the event loop only.
    private Told told = Told.NOTHING;
    private boolean writing;
    private volatile boolean open;
    private volatile boolean closed;
    private volatile @Nullable Subscriber subscriber;
    private volatile long lastHeard;

    /** Also when it was opened. */
    private volatile long lastWritten;

    FeedStream(StreamId id, Channel channel, FeedHub hub) {
        this.id = id;
        this.channel = channel;
        this.hub = hub;
        this.lastHeard = hub.uptime();
        this.lastWritten = lastHeard;
    }

    StreamId id() {
        return id;
    }

    /** Null until it has said who it is. */
    @Nullable Subscriber subscriber() {
        return subscriber;
    }

    /** In uptime. */
    long lastHeard() {
        return lastHeard;
    }

    /** Step 1: who it is, or a {@link FeedRefusal}. */
    Mono<Hello> hello() {
        return hello.asMono();
    }

    /** Step 2, once the head of the response is out. Completes with step 3. */
    Mono<Void> run() {
        open = true;
        wake();
        return end.asMono();
    }

    /** Takes what the subscriber sent. */
    void receive(ByteBuf bytes) {
        lastHeard = hub.uptime();
        try {
            for (String line : reader.read(bytes)) {
                receive(line);
            }
        } catch (TooLongException | UnreadableMessageException e) {
            close(400, String.valueOf(e.getMessage()));
        }
    }

    private void receive(String line) throws UnreadableMessageException {
        if (closed) {
            return;
        }
        FromProxy message = FeedCodec.readFromProxy(line);
        Subscriber known = subscriber;
        if (known != null) {
            subscriber = hub.receive(this, known, message);
        } else if (message instanceof Hello(int schema, _, _, _) && schema != FeedMessage.SCHEMA) {
            close(400, "schema: " + schema + " (expected: " + FeedMessage.SCHEMA + ")");
        } else if (message instanceof Hello said && !isOf(said)) {
            close(
                    403,
                    "hello of " + Shown.text(said.workload().toString()) + " by another workload");
        } else if (message instanceof Hello said) {
            subscriber = hub.welcome(this, said, channel.remoteAddress());
            hello.tryEmitValue(said);
        } else {
            close(400, "the first line must be hello");
        }
    }

    /** Whether it has proved to be whom it says; the edge is the gateway, and nobody else. */
    private boolean isOf(Hello said) {
        Peer peer = FeedDoor.peer(channel);
        boolean edge = said.workload().equals(ServiceName.GATEWAY);
        return peer != null
                && peer.id().workload().equals(said.workload())
                && edge == (said.plane() == Plane.EDGE);
    }

    /** Ends it if whoever is at the other end would not be let in any more. */
    void recheck(FeedDoor door) {
        Peer peer = FeedDoor.peer(channel);
        if (peer != null && !door.believes(peer)) {
            close(403, "no longer believed");
        }
    }

    /** Says that there may be something to tell. May be called on any thread. */
    void wake() {
        if (open && woken.compareAndSet(false, true)) {
            channel.eventLoop()
                    .execute(
                            () -> {
                                woken.set(false);
                                tell();
                            });
        }
    }

    private void tell() {
        Subscriber known = subscriber;
        if (writing || closed || known == null) {
            return;
        }
        ServiceName workload = known.hello().workload();
        FeedView view = hub.view();
        List<ByteBuf> messages = view.since(told, workload);
        told = view.told(workload);
        if (!messages.isEmpty()) {
            write(Unpooled.wrappedBuffer(messages.toArray(ByteBuf[]::new)));
        }
    }

    private void write(ByteBuf message) {
        writing = true;
        lastWritten = hub.uptime();
        channel.writeAndFlush(new DefaultHttpContent(message)).addListener(this::written);
    }

    private void written(Future<? super Void> write) {
        writing = false;
        if (write.isSuccess()) {
            tell();
        } else {
            gone();
        }
    }

    /** Looks after the clock. May be called on any thread. */
    void sweep() {
        long now = hub.uptime();
        if (subscriber == null) {
            if (now - lastWritten >= HELLO_WITHIN.toNanos()) {
                close(408, "no hello within " + HELLO_WITHIN.toSeconds() + " s");
            }
        } else if (now - lastHeard >= SILENCE.toNanos()) {
            close(408, "silent for " + SILENCE.toSeconds() + " s");
        } else if (open && now - lastWritten >= HEARTBEAT.toNanos()) {
            channel.eventLoop().execute(() -> beat(now));
        }
    }

    private void beat(long now) {
        if (writing && now - lastWritten >= STUCK.toNanos()) {
            close(408, "has read nothing for " + STUCK.toSeconds() + " s");
        } else if (!writing && !closed) {
            write(HEARTBEAT_LINE.bytes());
        }
    }

    /** Ends the stream, because the subscriber has. */
    void gone() {
        close(400, "");
    }

    /**
     * Ends the stream. May be called on any thread, more than once.
     *
     * @param status of the response, if none has begun
     * @param why for the log; empty when the subscriber went by itself
     */
    void close(int status, String why) {
        channel.eventLoop().execute(() -> closeNow(status, why));
    }

    private void closeNow(int status, String why) {
        if (closed) {
            return;
        }
        closed = true;
        hub.leave(this);
        report(why);
        if (open) {
            channel.close();
        }
        hello.tryEmitError(new FeedRefusal(status, why));
        end.tryEmitEmpty();
    }

    private void report(String why) {
        Subscriber known = subscriber;
        String who = known == null ? "a connection" : Shown.text(known.hello().proxy());
        if (why.isEmpty()) {
            log.info("{} at {} has left", who, channel.remoteAddress());
        } else {
            log.warn("{} at {} was sent away: {}", who, channel.remoteAddress(), Shown.text(why));
        }
    }

    /** Ends the response in good order, as the server goes down. */
    void finish() {
        channel.eventLoop().execute(end::tryEmitEmpty);
    }
}
