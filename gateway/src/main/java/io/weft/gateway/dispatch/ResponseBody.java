// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * A response's body on its way to Spring: whole, if it came at once as most do, or as a stream that
 * goes no faster than the client takes it. Its state belongs to the event loop.
 */
final class ResponseBody extends Flux<DataBuffer> implements Subscription {

    /** What may wait for a client that takes its time, or for filters that take theirs. */
    private static final int MAX_WAITING = 64 * 1024;

    private final EventLoop loop;
    private final NettyDataBufferFactory buffers;
    private final Source source;
    private final Deque<ByteBuf> waiting = new ArrayDeque<>(2);

    private @Nullable CoreSubscriber<? super DataBuffer> subscriber;
    private int waitingBytes;
    private long demand;
    private boolean ended;
    private boolean broken;
    private boolean over;
    private boolean draining;

    /** Where the body comes from; called on the event loop. */
    interface Source {

        /** There is room for more. */
        void onWanted();

        /** Nobody wants the rest. */
        void onUnwanted();

        /** Lets the client see that the response has broken off. */
        void cut();
    }

    ResponseBody(EventLoop loop, NettyDataBufferFactory buffers, Source source) {
        this.loop = loop;
        this.buffers = buffers;
        this.source = source;
    }

    // ---- from the engine ------------------------------------------------------------------------

    /** Takes a piece. */
    void add(ByteBuf data) {
        if (over) {
            data.release();
            return;
        }
        waiting.add(data);
        waitingBytes += data.readableBytes();
        drain();
    }

    /** All of it is there. */
    void end() {
        ended = true;
        drain();
    }

    /** The rest of it will not come. */
    void breakOff() {
        broken = true;
        drain();
    }

    boolean isWanted() {
        return waitingBytes < MAX_WAITING;
    }

    /** Nobody takes it any more. */
    void discard() {
        over = true;
        ByteBuf data = waiting.poll();
        while (data != null) {
            data.release();
            data = waiting.poll();
        }
        waitingBytes = 0;
    }

    // ---- to Spring ------------------------------------------------------------------------------

    /** Whether all of it is there. */
    boolean isWhole() {
        return ended;
    }

    /** Writes all of it in one piece. */
    Mono<Void> writeWholeTo(ServerHttpResponse response) {
        return waiting.isEmpty()
                ? response.setComplete()
                : response.writeWith(Mono.fromSupplier(this::takeAll));
    }

    private @Nullable DataBuffer takeAll() {
        if (over) {
            return null;
        }
        ByteBuf whole =
                waiting.size() == 1
                        ? waiting.element()
                        : Unpooled.wrappedBuffer(waiting.toArray(ByteBuf[]::new));
        waiting.clear();
        waitingBytes = 0;
        over = true;
        return buffers.wrap(whole);
    }

    @Override
    public void subscribe(CoreSubscriber<? super DataBuffer> actual) {
        if (subscriber != null || over) {
            Operators.error(actual, new IllegalStateException("the body can be taken once"));
            return;
        }
        subscriber = actual;
        actual.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        onLoop(
                () -> {
                    demand = Operators.addCap(demand, n);
                    drain();
                });
    }

    @Override
    public void cancel() {
        onLoop(
                () -> {
                    if (!over) {
                        discard();
                        source.onUnwanted();
                    }
                });
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private void drain() {
        CoreSubscriber<? super DataBuffer> taker = subscriber;
        if (draining || taker == null || over) {
            return;
        }
        draining = true;
        boolean wasFull = !isWanted();
        while (demand > 0 && !waiting.isEmpty()) {
            ByteBuf data = waiting.remove();
            waitingBytes -= data.readableBytes();
            demand--;
            taker.onNext(buffers.wrap(data));
        }
        draining = false;
        if (waiting.isEmpty() && !over) {
            finish(taker);
        }
        if (wasFull && isWanted() && !over) {
            source.onWanted();
        }
    }

    private void finish(CoreSubscriber<? super DataBuffer> taker) {
        if (ended) {
            over = true;
            taker.onComplete();
        } else if (broken) {
            over = true;
            source.cut();
        }
    }
}
