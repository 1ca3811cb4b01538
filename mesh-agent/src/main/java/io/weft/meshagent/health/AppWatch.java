// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent.health;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.weft.dataplane.loop.Worker;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sees whether the application accepts connections, by making one now and then. Agents start before
 * their applications and must notice soon when one is there, and sooner when it is gone.
 */
public final class AppWatch {

    private static final long PERIOD_MILLIS = 250;
    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;

    private final InetSocketAddress app;
    private final Worker worker;
    private final Consumer<Boolean> listener;
    private volatile boolean accepting;
    private volatile boolean stopped;

    /**
     * @param listener hears each change, on the worker's event loop
     */
    public AppWatch(InetSocketAddress app, Worker worker, Consumer<Boolean> listener) {
        this.app = app;
        this.worker = worker;
        this.listener = listener;
    }

    public void start() {
        worker.loop().execute(this::look);
    }

    public void stop() {
        stopped = true;
    }

    /** Whether it accepted when it was last looked at. */
    public boolean isAccepting() {
        return accepting;
    }

    private void look() {
        if (stopped) {
            return;
        }
        new Bootstrap()
                .group(worker.loop())
                .channel(worker.socketType())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(app)
                .addListener((ChannelFuture future) -> seen(future));
    }

    private void seen(ChannelFuture future) {
        boolean now = future.isSuccess();
        if (now) {
            future.channel().close();
        }
        if (now != accepting && !stopped) {
            accepting = now;
            listener.accept(now);
        }
        if (!stopped) {
            worker.loop().schedule(this::look, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
