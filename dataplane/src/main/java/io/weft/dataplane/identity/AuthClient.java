// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.weft.dataplane.loop.Worker;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the auth service, one question per connection; that it is the auth service is proved before
 * anything is said. Waits for the answer, so it is not for event loops.
 */
public final class AuthClient {

    private static final ServiceName AUTH_SERVICE = ServiceName.parse("auth-service");
    private static final int CONNECT_MILLIS = 2_000;
    private static final int SILENCE_SECONDS = 5;
    private static final int LONGEST_SECONDS = 15;
    private static final int MAX_ANSWER = 16 * 1024 * 1024;

    private final URI address;
    private final Worker worker;

    /**
     * @param address as https://host:port
     * @param worker the event loop for its sockets
     */
    public AuthClient(URI address, Worker worker) {
        this.address = address;
        this.worker = worker;
    }

    /**
     * An answer.
     *
     * @param tag the entity tag, when there is one
     */
    public record Answer(int status, String body, @Nullable String tag) {}

    /** Asks for a document, unless it is still the one with that tag. */
    public Answer get(Credentials credentials, String path, @Nullable String tag)
            throws IOException, InterruptedException {
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        if (tag != null) {
            request.headers().set(HttpHeaderNames.IF_NONE_MATCH, tag);
        }
        return ask(credentials, request);
    }

    /** Sends a JSON document. */
    Answer post(Credentials credentials, String path, String json)
            throws IOException, InterruptedException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        var request =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1, HttpMethod.POST, path, Unpooled.wrappedBuffer(body));
        request.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return ask(credentials, request);
    }

    private Answer ask(Credentials credentials, DefaultFullHttpRequest request)
            throws IOException, InterruptedException {
        request.headers()
                .set(HttpHeaderNames.HOST, address.getAuthority())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        var answer = new CompletableFuture<Answer>();
        // Resolved here, where waiting for it holds nobody up.
        var to = new InetSocketAddress(address.getHost(), address.getPort());
        new Bootstrap()
                .group(worker.loop())
                .channel(worker.socketType())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(
                        new ChannelInitializer<SocketChannel>() {
                            @Override
                            protected void initChannel(SocketChannel created) {
                                SslHandler tls = credentials.newClientHandler(created.alloc(), to);
                                created.pipeline()
                                        .addLast(tls)
                                        .addLast(new ReadTimeoutHandler(SILENCE_SECONDS))
                                        .addLast(new HttpClientCodec())
                                        .addLast(new HttpObjectAggregator(MAX_ANSWER))
                                        .addLast(new Asking(credentials, tls, request, answer));
                            }
                        })
                .connect(to)
                .addListener(
                        (ChannelFuture connected) -> {
                            if (!connected.isSuccess()) {
                                answer.completeExceptionally(connected.cause());
                            }
                        });
        try {
            return answer.get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(address + ": " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IOException(address + ": no answer for " + LONGEST_SECONDS + " s", e);
        }
    }

    private static final class Asking extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final Credentials credentials;
        private final SslHandler tls;
        private final DefaultFullHttpRequest request;
        private final CompletableFuture<Answer> answer;

        private Asking(
                Credentials credentials,
                SslHandler tls,
                DefaultFullHttpRequest request,
                CompletableFuture<Answer> answer) {
            this.credentials = credentials;
            this.tls = tls;
            this.request = request;
            this.answer = answer;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event)
                throws UntrustedPeerException {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    credentials.peer(tls, AUTH_SERVICE);
                    ctx.writeAndFlush(request);
                } else {
                    exceptionCaught(ctx, handshake.cause());
                }
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            answer.complete(
                    new Answer(
                            response.status().code(),
                            response.content().toString(StandardCharsets.UTF_8),
                            response.headers().get(HttpHeaderNames.ETAG)));
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            answer.completeExceptionally(cause);
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answer.completeExceptionally(new IOException("the connection ended"));
        }
    }
}
