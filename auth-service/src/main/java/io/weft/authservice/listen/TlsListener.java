// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.listen;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.weft.authservice.ca.CertificateAuthority;
import io.weft.authservice.ca.PeerTrust;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where workloads enrol: TLS 1.3, HTTP/1.1, a client certificate if there is one.
 *
 * <pre>
 *   SslHandler         5 s for the handshake; a certificate that is not trusted ends it
 *   HttpServerCodec    1 KiB of request line, 8 KiB of headers
 *   BoundedAggregator  16 KiB of body
 *   RequestHandler     10 s for a request; one at a time; to a thread that may block
 * </pre>
 */
public final class TlsListener {

    private static final Logger log = LoggerFactory.getLogger(TlsListener.class);

    private static final Duration HANDSHAKE = Duration.ofSeconds(5);
    private static final int CONNECTIONS = 4_096;
    private static final int AT_WORK = 512;
    private static final int LOOPS = 2;

    private final TlsSettings settings;
    private final Endpoints endpoints;
    private final OwnTls tls;
    private final AtomicInteger connections = new AtomicInteger();
    private final Semaphore room = new Semaphore(AT_WORK);
    private @Nullable EventLoopGroup loops;
    private @Nullable ExecutorService workers;
    private @Nullable Channel server;

    public TlsListener(
            TlsSettings settings,
            Endpoints endpoints,
            CertificateAuthority authority,
            PeerTrust trust,
            Clock clock) {
        this.settings = settings;
        this.endpoints = endpoints;
        try {
            this.tls = new OwnTls(authority, trust, clock);
        } catch (SSLException e) {
            throw new IllegalStateException("no TLS", e);
        }
    }

    /**
     * Listens from the return of this method on.
     *
     * @throws ListenException when the address is not there to be had
     */
    public void start() {
        loops = new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
        workers =
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("enrol-", 0).factory());
        var address = new InetSocketAddress(settings.address(), settings.port());
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, 1_024)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        accept(channel);
                                    }
                                })
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            stop();
            throw new ListenException(address, bound.cause());
        }
        server = bound.channel();
        log.info("Workloads enrol at {}:{}", settings.address().getHostAddress(), port());
    }

    private void accept(SocketChannel channel) {
        channel.closeFuture().addListener(_ -> connections.decrementAndGet());
        if (connections.incrementAndGet() > CONNECTIONS || workers == null) {
            channel.close();
            return;
        }
        SslHandler handshake = tls.context().newHandler(channel.alloc());
        handshake.setHandshakeTimeoutMillis(HANDSHAKE.toMillis());
        channel.pipeline()
                .addLast(handshake)
                .addLast(
                        new HttpServerCodec(
                                new HttpDecoderConfig()
                                        .setMaxInitialLineLength(1_024)
                                        .setMaxHeaderSize(8_192)))
                .addLast(new BoundedAggregator())
                .addLast(new RequestHandler(endpoints, workers, room));
    }

    /** To be called every second or so. */
    public void renewIfDue() {
        tls.renewIfDue();
    }

    public int port() {
        return server != null && server.localAddress() instanceof InetSocketAddress local
                ? local.getPort()
                : settings.port();
    }

    public boolean isListening() {
        return server != null && server.isActive();
    }

    /** Stops listening; who is being answered has two seconds. */
    public void stop() {
        if (server != null) {
            server.close().awaitUninterruptibly();
        }
        if (workers != null) {
            workers.close();
        }
        if (loops != null) {
            loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
