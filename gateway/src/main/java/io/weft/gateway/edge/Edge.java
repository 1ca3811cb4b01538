// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import io.weft.dataplane.dispatch.Via;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.failure.RefusalLog;
import io.weft.dataplane.http.HttpLimits;
import io.weft.dataplane.loop.Worker;
import io.weft.dataplane.loop.Workers;
import io.weft.dataplane.server.Connections;
import io.weft.dataplane.server.ServerSettings;
import io.weft.dataplane.telemetry.Series;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Caller;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServer;

/** The clients' side: puts an {@link EdgeConnection} in front of Reactor Netty's HTTP codec. */
public final class Edge {

    private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
    private static final String LISTENER = "edge";
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    /** What the codec hands on as one piece. */
    private static final int PIECE = 64 * 1024;

    /** Room for what is written in front of the fields that were received, or instead of them. */
    private static final int HEAD_EXTRA = 4 * 1024;

    private static final int FIELD_OVERHEAD = 32;

    private static final byte[] NOWHERE = new byte[4];

    /** Marks connections of clients, whatever protocol they speak. */
    private static final AttributeKey<Boolean> MARK = AttributeKey.valueOf(Edge.class, "mark");

    private final ServerSettings settings;
    private final Workers workers;
    private final Via via;
    private final RefusalLog refusals;
    private final Series unrouted;
    private final Connections connections = new Connections();
    private final Set<DisposableServer> listening = ConcurrentHashMap.newKeySet();

    /**
     * @param unrouted counts the requests that fail before there is a route for them
     */
    public Edge(
            ServerSettings settings,
            Workers workers,
            Via via,
            RefusalLog refusals,
            Series unrouted) {
        this.settings = settings;
        this.workers = workers;
        this.via = via;
        this.refusals = refusals;
        this.unrouted = unrouted;
    }

    // ---- the pipeline ---------------------------------------------------------------------------

    /** Makes a server read requests as the engine does. */
    @SuppressWarnings("deprecation") // With pieces of the default size an upload is cut up small.
    public HttpServer guard(HttpServer server) {
        // What the codec sees has been checked already; an escaped query is up to three times as
        // long as the received one.
        int head = 3 * settings.limits().headerBytes() + HEAD_EXTRA;
        return server.http2Settings(spec -> spec.maxHeaderListSize(headerListSize()))
                .httpRequestDecoder(
                        spec ->
                                spec.maxInitialLineLength(head)
                                        .maxHeaderSize(head)
                                        .maxChunkSize(PIECE))
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .doOnBound(listening::add)
                .doOnChannelInit((_, channel, _) -> guard(channel));
    }

    /**
     * HTTP/2 counts more for a field than its bytes (RFC 9113 §6.5.2). What is within this and
     * above the limits is refused when its stream is served: the codec itself resets the stream
     * behind its answer, and clients that hear of the reset first lose the answer.
     */
    private long headerListSize() {
        HttpLimits limits = settings.limits();
        return 2 * (limits.headerBytes() + (long) FIELD_OVERHEAD * limits.headers());
    }

    private void guard(Channel channel) {
        channel.attr(MARK).set(true);
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
            insert(pipeline);
        } else if (pipeline.get(NettyPipeline.H2OrHttp11Codec) != null) {
            pipeline.addAfter(NettyPipeline.H2OrHttp11Codec, null, new AfterHandshake());
        }
    }

    private void insert(ChannelPipeline pipeline) {
        boolean http11 = pipeline.get(NettyPipeline.HttpCodec) != null;
        // With HTTP/2 in clear allowed the codec comes later; this connection speaks HTTP/1.1 only.
        String codec = http11 ? NettyPipeline.HttpCodec : NettyPipeline.H2CUpgradeHandler;
        boolean secure = pipeline.get(SslHandler.class) != null;
        var connection = new EdgeConnection(this, worker(pipeline.channel()), secure);
        pipeline.addBefore(NettyPipeline.HttpTrafficHandler, null, connection.responses());
        pipeline.addBefore(codec, null, connection);
    }

    /** Which protocol a TLS client speaks is known when the handshake is over. */
    private final class AfterHandshake extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ctx.fireUserEventTriggered(event);
            if (event instanceof SslHandshakeCompletionEvent && ctx.channel().isActive()) {
                if (ctx.pipeline().get(NettyPipeline.HttpTrafficHandler) != null) {
                    insert(ctx.pipeline());
                } else {
                    Multiplexed.join(connections, ctx.channel());
                }
                ctx.pipeline().remove(this);
            }
        }
    }

    private Worker worker(Channel channel) {
        Worker worker = workers.of(channel.eventLoop());
        if (worker == null) {
            throw new IllegalStateException("a connection on a foreign event loop");
        }
        return worker;
    }

    // ---- clients, for those who handle their requests -------------------------------------------

    /**
     * The client that sent a request, or null when it did not come through a guarded server but,
     * for example, through the management port.
     */
    public @Nullable Client client(ServerHttpRequest request) {
        Object received = ServerHttpRequestDecorator.getNativeRequest(request);
        if (!(received instanceof ChannelOperations<?, ?> operations)) {
            return null;
        }
        Channel channel = operations.channel();
        EdgeConnection connection = EdgeConnection.of(channel);
        if (connection != null) {
            return connection;
        }
        Channel parent = channel.parent();
        return parent != null && parent.hasAttr(MARK)
                ? new StreamClient(channel, worker(channel), request, settings.limits())
                : null;
    }

    /** The edge asks in its own name, for whoever is at an address. */
    static Caller caller(@Nullable InetSocketAddress client) {
        InetAddress address = client == null ? null : client.getAddress();
        return Caller.of(ServiceName.GATEWAY, address == null ? NOWHERE : address.getAddress());
    }

    /** On which a connection arrived; 0 when it is not known. */
    static int port(Channel channel) {
        return channel.localAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    // ---- what connections need ------------------------------------------------------------------

    ServerSettings settings() {
        return settings;
    }

    Via via() {
        return via;
    }

    Series unrouted() {
        return unrouted;
    }

    Refusal refuse(Failure failure, @Nullable SocketAddress peer) {
        return refusals.add(LISTENER, failure, String.valueOf(peer));
    }

    void defect(Throwable cause) {
        LOG.error("a connection failed", cause);
    }

    // ---- the end --------------------------------------------------------------------------------

    Connections connections() {
        return connections;
    }

    void stopAccepting() {
        listening.forEach(each -> each.channel().close());
        listening.clear();
    }
}
