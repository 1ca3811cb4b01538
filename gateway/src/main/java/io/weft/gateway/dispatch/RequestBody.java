// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * Takes a request's body from Spring, one piece at a time and no faster than the engine wants it.
 * Filters may have moved it to another thread; here it is back on the event loop.
 */
final class RequestBody implements CoreSubscriber<DataBuffer> {

    private final EventLoop loop;
    private final Taker taker;

    /** Signals that came on other threads and are still on their way. */
    private final AtomicInteger hops = new AtomicInteger();

    private @Nullable Subscription subscription;
    private boolean paused;
    private boolean requested;
    private boolean cancelled;

    /** Who gets the body; called on the event loop. */
    interface Taker {

        /** A piece, to be released by the taker. */
        void onBody(ByteBuf data);

        void onBodyEnd();

        void onBodyError(Throwable error);
    }

    RequestBody(EventLoop loop, Taker taker) {
        this.loop = loop;
        this.taker = taker;
    }

    // ---- on the event loop ----------------------------------------------------------------------

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        requestNext();
    }

    void cancel() {
        cancelled = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private void requestNext() {
        if (!paused && !requested && !cancelled && subscription != null) {
            requested = true;
            subscription.request(1);
        }
    }

    private void take(DataBuffer buffer) {
        requested = false;
        if (cancelled) {
            DataBufferUtils.release(buffer);
        } else {
            taker.onBody(NettyDataBufferFactory.toByteBuf(buffer));
            requestNext();
        }
    }

    // ---- on whatever thread ---------------------------------------------------------------------

    @Override
    public void onSubscribe(Subscription s) {
        onLoop(
                () -> {
                    if (Operators.validate(subscription, s)) {
                        subscription = s;
                        if (cancelled) {
                            s.cancel();
                        }
                        requestNext();
                    }
                });
    }

    @Override
    public void onNext(DataBuffer buffer) {
        onLoop(() -> take(buffer));
    }

    @Override
    public void onComplete() {
        onLoop(
                () -> {
                    if (!cancelled) {
                        taker.onBodyEnd();
                    }
                });
    }

    @Override
    public void onError(Throwable error) {
        onLoop(
                () -> {
                    if (!cancelled) {
                        taker.onBodyError(error);
                    }
                });
    }

    /** Signals keep their order, also where some of them come on other threads. */
    private void onLoop(Runnable signal) {
        if (loop.inEventLoop() && hops.get() == 0) {
            signal.run();
            return;
        }
        hops.incrementAndGet();
        loop.execute(
                () -> {
                    hops.decrementAndGet();
                    signal.run();
                });
    }
}
