// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.feed;

import io.netty.channel.ChannelOption;
import io.weft.dataplane.identity.WorkloadIdentity;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code POST /feed}: a request and a response that stay open, lines of JSON in both, by mutual TLS
 * between workloads of the mesh. Apart from the servlet container, so that thousands of idle
 * streams cost no thread and little memory.
 */
public final class FeedServer {

    private static final Logger log = LoggerFactory.getLogger(FeedServer.class);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String PATH = "/feed";

    /** A connection on which nobody asks for anything. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    /** Connections that have not asked yet, or are being sent away, beside the subscribers. */
    private static final int SPARE_CONNECTIONS = 128;

    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final FeedSettings settings;
    private final FeedHub hub;
    private final FeedDoor door;
    private @Nullable LoopResources loops;
    private @Nullable DisposableServer server;

    /**
     * @param identity as whom it answers
     */
    public FeedServer(FeedSettings settings, FeedHub hub, WorkloadIdentity identity) {
        this.settings = settings;
        this.hub = hub;
        this.door = new FeedDoor(identity, settings.maxSubscribers() + SPARE_CONNECTIONS);
        identity.onChange(() -> hub.recheck(door));
    }

    /** Listens from the return of this method on. */
    public void start() {
        int threads = Math.min(4, Runtime.getRuntime().availableProcessors());
        loops = LoopResources.create("feed", 1, threads, true);
        server =
                HttpServer.create()
                        .bindAddress(
                                () -> new InetSocketAddress(settings.address(), settings.port()))
                        .runOn(loops)
                        .protocol(HttpProtocol.HTTP11)
                        .idleTimeout(IDLE)
                        .option(ChannelOption.SO_BACKLOG, 1024)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .doOnChannelInit((_, channel, _) -> door.guard(channel))
                        .handle(this::handle)
                        .bindNow();
        log.info("The feed listens on {}:{}", settings.address().getHostAddress(), server.port());
    }

    public int port() {
        return server == null ? settings.port() : server.port();
    }

    public boolean isListening() {
        return server != null && !server.isDisposed();
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        if (!request.fullPath().equals(PATH)) {
            return refuse(response, new FeedRefusal(404, "only " + PATH + " is here"));
        }
        if (!request.method().name().equals("POST")) {
            response.header("Allow", "POST");
            return refuse(response, new FeedRefusal(405, PATH + " takes POST"));
        }
        if (hub.size() >= settings.maxSubscribers()) {
            log.warn("A subscriber was sent away: {} are here", hub.size());
            return refuse(response, new FeedRefusal(503, "too many subscribers"));
        }
        return serve(request, response);
    }

    private Mono<Void> serve(HttpServerRequest request, HttpServerResponse response) {
        var opened = new CompletableFuture<FeedStream>();
        request.withConnection(connection -> opened.complete(open(connection)));
        FeedStream stream = opened.join();
        request.receive().subscribe(stream::receive, _ -> stream.gone(), stream::gone);
        return stream.hello()
                .flatMap(_ -> begin(response).then(Mono.defer(stream::run)))
                .onErrorResume(FeedRefusal.class, why -> refuse(response, why));
    }

    private FeedStream open(Connection connection) {
        FeedStream stream = hub.open(connection.channel());
        connection.onDispose(stream::gone);
        return stream;
    }

    private static Mono<Void> begin(HttpServerResponse response) {
        return response.status(200)
                .header("Content-Type", "application/x-ndjson")
                .header("Cache-Control", "no-store")
                .sendHeaders()
                .then();
    }

    private static Mono<Void> refuse(HttpServerResponse response, FeedRefusal refusal) {
        return response.status(refusal.status())
                .keepAlive(false)
                .header("Content-Type", "application/problem+json")
                .sendByteArray(Mono.just(problem(refusal)))
                .then();
    }

    private static byte[] problem(FeedRefusal refusal) {
        var problem = new Problem(refusal.status(), "The feed refuses", refusal.detail());
        return JSON.writeValueAsString(problem).getBytes(StandardCharsets.UTF_8);
    }

    private record Problem(int status, String title, String detail) {}

    /** Ends every stream and stops listening. */
    public void stop() {
        hub.finish();
        if (server != null) {
            server.disposeNow(GOODBYE);
        }
        if (loops != null) {
            loops.disposeLater(Duration.ZERO, GOODBYE).block(GOODBYE);
        }
    }
}
