// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AsciiString;
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
import io.weft.policy.request.Network;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
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
import reactor.netty.http.server.ConnectionInfo;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

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

    private static final String FORWARDED_PREFIX = "x-forwarded-";

    /** Marks connections of clients, whatever protocol they speak. */
    private static final AttributeKey<Boolean> MARK = AttributeKey.valueOf(Edge.class, "mark");

    private final ServerSettings settings;
    private final Workers workers;
    private final Via via;
    private final RefusalLog refusals;
    private final Series unrouted;
    private final TrustedProxies proxies;
    private final Connections connections = new Connections();
    private final Set<DisposableServer> listening = ConcurrentHashMap.newKeySet();

    /**
     * @param unrouted counts the requests that fail before there is a route for them
     * @param proxies where proxies are that are believed when they say whose requests they bring
     */
    public Edge(
            ServerSettings settings,
            Workers workers,
            Via via,
            RefusalLog refusals,
            Series unrouted,
            List<Network> proxies) {
        this.settings = settings;
        this.workers = workers;
        this.via = via;
        this.refusals = refusals;
        this.unrouted = unrouted;
        this.proxies = new TrustedProxies(proxies);
    }

    // ---- the pipeline ---------------------------------------------------------------------------

    /** Makes a server read requests as the engine does. */
    @SuppressWarnings("deprecation") // With pieces of the default size an upload is cut up small.
    public HttpServer guard(HttpServer server) {
        // What the codec sees has been checked already; an escaped query is up to three times as
        // long as the received one.
        int head = 3 * settings.limits().headerBytes() + HEAD_EXTRA;
        return Compression.careful(server)
                .http2Settings(spec -> spec.maxHeaderListSize(headerListSize()))
                .httpRequestDecoder(
                        spec ->
                                spec.maxInitialLineLength(head)
                                        .maxHeaderSize(head)
                                        .maxChunkSize(PIECE))
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .forwarded(this::sentBy)
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

    /**
     * Shows Spring the sender as if there were no proxies in front. It takes the place of the
     * handler that believes everybody, which Spring Boot asks for where it sees Kubernetes.
     */
    private ConnectionInfo sentBy(ConnectionInfo connection, HttpRequest request) {
        InetSocketAddress peer = connection.getRemoteAddress();
        ConnectionInfo believed = connection;
        if (proxies.isOne(peer)) {
            Sender sender =
                    proxies.sender(new Sender(peer, connection.getScheme()), request.headers());
            InetSocketAddress address = sender.address();
            believed = connection.withScheme(sender.scheme());
            believed = address == null ? believed : believed.withRemoteAddress(address);
        }
        dropClaims(request.headers());
        return believed;
    }

    /** The engine's reader has dropped them, but HTTP/2 does not come through it. */
    private static void dropClaims(HttpHeaders headers) {
        var fields = headers.iteratorCharSequence();
        boolean any = false;
        while (fields.hasNext() && !any) {
            any = isClaim(fields.next().getKey());
        }
        if (any) {
            headers.names().stream().filter(Edge::isClaim).forEach(headers::remove);
        }
    }

    private static boolean isClaim(CharSequence name) {
        return AsciiString.regionMatches(
                        name, true, 0, FORWARDED_PREFIX, 0, FORWARDED_PREFIX.length())
                || AsciiString.contentEqualsIgnoreCase(name, "forwarded");
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
                ? new StreamClient(channel, worker(channel), sender(operations), settings.limits())
                : null;
    }

    /** What {@link #sentBy} has found out; filters cannot change it. */
    private static Sender sender(ChannelOperations<?, ?> operations) {
        var request = (HttpServerRequest) operations;
        return new Sender(request.remoteAddress(), request.scheme());
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

    TrustedProxies proxies() {
        return proxies;
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
