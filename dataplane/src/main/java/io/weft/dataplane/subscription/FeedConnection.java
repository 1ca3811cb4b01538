// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.subscription;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.weft.dataplane.identity.Credentials;
import io.weft.dataplane.identity.MutualTls;
import io.weft.dataplane.identity.UntrustedPeerException;
import io.weft.dataplane.loop.Worker;
import io.weft.policy.feed.FeedCodec;
import io.weft.policy.feed.FeedMessage;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** One stream to the control plane: lines both ways in a request and response that do not end. */
final class FeedConnection {

    /** A snapshot of 10,000 routes is about 5 MiB. */
    private static final int MAX_LINE = 256 * 1024 * 1024;

    private static final String SECURE = "https";
    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;

    /** The control plane says something every two seconds. */
    private static final int SILENCE_SECONDS = 8;

    private static final int HEARTBEAT_SECONDS = 2;

    private final Channel channel;

    private FeedConnection(Channel channel) {
        this.channel = channel;
    }

    /** Hears what comes from the control plane; called on the connection's event loop. */
    interface Listener {
        void opened(FeedConnection connection);

        void line(String line);

        /** The stream is over, or never came about. */
        void closed(String reason);
    }

    /**
     * Opens a stream.
     *
     * @param tls how the control plane is called when its address begins with https
     */
    static void open(URI controlPlane, Worker worker, MutualTls tls, Listener listener) {
        boolean secure = SECURE.equals(controlPlane.getScheme());
        Credentials credentials = tls.identity().credentials();
        if (secure && (credentials == null || !credentials.areValid())) {
            listener.closed("this proxy has no identity yet");
            return;
        }
        var to = InetSocketAddress.createUnresolved(controlPlane.getHost(), controlPlane.getPort());
        new Bootstrap()
                .group(worker.loop())
                .channel(worker.socketType())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(
                        new ChannelInitializer<SocketChannel>() {
                            @Override
                            protected void initChannel(SocketChannel created) {
                                if (secure && credentials != null) {
                                    SslHandler handler =
                                            credentials.newClientHandler(created.alloc(), to);
                                    created.pipeline()
                                            .addLast(handler)
                                            .addLast(new Proving(tls, credentials, handler));
                                }
                                created.pipeline()
                                        .addLast(new HttpClientCodec())
                                        .addLast(
                                                new IdleStateHandler(
                                                        SILENCE_SECONDS, HEARTBEAT_SECONDS, 0))
                                        .addLast(new Handler(controlPlane, listener));
                            }
                        })
                .connect(controlPlane.getHost(), controlPlane.getPort())
                .addListener(
                        (ChannelFuture future) -> {
                            if (!future.isSuccess()) {
                                listener.closed(String.valueOf(future.cause().getMessage()));
                            }
                        });
    }

    void send(FeedMessage.FromProxy message) {
        byte[] line = (FeedCodec.write(message) + "\n").getBytes(StandardCharsets.UTF_8);
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(line)));
    }

    void close() {
        channel.close();
    }

    /** Lets nothing out before it is certain who is asked. */
    private static final class Proving extends ChannelInboundHandlerAdapter {
        private final MutualTls tls;
        private final Credentials credentials;
        private final SslHandler handler;

        private Proving(MutualTls tls, Credentials credentials, SslHandler handler) {
            this.tls = tls;
            this.credentials = credentials;
            this.handler = handler;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            // Those behind begin when it is.
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event)
                throws UntrustedPeerException {
            if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
                ctx.fireUserEventTriggered(event);
            } else if (handshake.isSuccess()) {
                credentials.peer(handler, tls.peer());
                ctx.fireChannelActive();
                ctx.pipeline().remove(this);
            } else {
                ctx.fireExceptionCaught(handshake.cause());
            }
        }
    }

    private static final class Handler extends SimpleChannelInboundHandler<HttpObject> {
        private final URI controlPlane;
        private final Listener listener;
        private final LineReader lines;
        private String reason = "the control plane ended the stream";

        private Handler(URI controlPlane, Listener listener) {
            this.controlPlane = controlPlane;
            this.listener = listener;
            this.lines = new LineReader(MAX_LINE, listener::line);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/feed");
            request.headers()
                    .set(HttpHeaderNames.HOST, controlPlane.getAuthority())
                    .set(HttpHeaderNames.CONTENT_TYPE, "application/x-ndjson");
            HttpUtil.setTransferEncodingChunked(request, true);
            ctx.writeAndFlush(request);
            listener.opened(new FeedConnection(ctx.channel()));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
            if (message instanceof HttpResponse response && response.status().code() != 200) {
                reason = "the control plane answered " + response.status();
                ctx.close();
            }
            if (message instanceof HttpContent content) {
                lines.read(content.content());
            }
            if (message instanceof LastHttpContent) {
                ctx.close();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof IdleStateEvent idle) {
                switch (idle.state()) {
                    case WRITER_IDLE ->
                            new FeedConnection(ctx.channel()).send(new FeedMessage.Heartbeat());
                    case READER_IDLE -> {
                        reason = "the control plane was silent for " + SILENCE_SECONDS + " s";
                        ctx.close();
                    }
                    case ALL_IDLE -> {}
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            reason = String.valueOf(cause.getMessage());
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            listener.closed(reason);
        }
    }
}
