// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.listen;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.weft.authservice.enrol.Refusal;
import io.weft.authservice.listen.Endpoints.Asked;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Hands the requests of a connection, one at a time, to threads that may block. Whoever has not
 * sent a whole request in time after the last answer, or has not taken the answer, is left.
 */
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Endpoints endpoints;
    private final Executor workers;
    private final Semaphore room;
    private @Nullable Future<?> deadline;
    private boolean busy;

    RequestHandler(Endpoints endpoints, Executor workers, Semaphore room) {
        this.endpoints = endpoints;
        this.workers = workers;
        this.room = room;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        expect(context);
        context.fireChannelActive();
    }

    private void expect(ChannelHandlerContext context) {
        forget();
        deadline =
                context.executor()
                        .schedule(
                                () -> context.close(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void forget() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (busy) {
            context.close(); // The next request before the answer: nobody has to do that.
            return;
        }
        busy = true;
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        if (!request.decoderResult().isSuccess()) {
            answer(context, Answer.problem(HttpResponseStatus.BAD_REQUEST, null), false);
        } else if (!room.tryAcquire()) {
            answer(context, Answer.refused(Refusal.unavailable("too much to do")), keepAlive);
        } else {
            forget();
            Asked asked = asked(context, request);
            workers.execute(() -> work(context, asked, keepAlive));
        }
    }

    private void work(ChannelHandlerContext context, Asked asked, boolean keepAlive) {
        try {
            FullHttpResponse response = endpoints.answer(asked);
            context.executor().execute(() -> answer(context, response, keepAlive));
        } finally {
            room.release();
        }
    }

    private static Asked asked(ChannelHandlerContext context, FullHttpRequest request) {
        return new Asked(
                request.method().name(),
                request.uri(),
                request.headers().get(HttpHeaderNames.IF_NONE_MATCH),
                ByteBufUtil.getBytes(request.content()),
                ((InetSocketAddress) context.channel().remoteAddress()).getAddress(),
                certificates(context));
    }

    private static X509Certificate @Nullable [] certificates(ChannelHandlerContext context) {
        try {
            return Arrays.stream(
                            context.pipeline()
                                    .get(SslHandler.class)
                                    .engine()
                                    .getSession()
                                    .getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    private void answer(
            ChannelHandlerContext context, FullHttpResponse response, boolean keepAlive) {
        busy = false;
        expect(context);
        if (keepAlive) {
            context.writeAndFlush(response);
        } else {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        forget();
        context.fireChannelInactive();
    }

    /** Handshakes that fail and peers that go are everyday. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
