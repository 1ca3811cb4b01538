// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.weft.dataplane.dispatch.Via;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.failure.RefusalLog;
import io.weft.dataplane.loop.Transport;
import io.weft.dataplane.loop.Worker;
import io.weft.dataplane.telemetry.Series;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** An address on which requests are accepted. */
public final class Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int BACKLOG = 4_096;
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final ListenerSpec spec;
    private final RefusalLog refusals;
    private final List<Worker> workers;
    private final Connections connections = new Connections();
    private final Antechamber antechamber = new Antechamber();
    private final Channel channel;

    /**
     * Opens the address.
     *
     * @param acceptors the event loops of the workers
     * @throws ListenException when the address cannot be had
     */
    public static Listener open(
            ListenerSpec spec,
            EventLoopGroup acceptors,
            Transport transport,
            List<Worker> workers,
            RefusalLog refusals) {
        return new Listener(spec, acceptors, transport, workers, refusals);
    }

    private Listener(
            ListenerSpec spec,
            EventLoopGroup group,
            Transport transport,
            List<Worker> workers,
            RefusalLog refusals) {
        this.spec = spec;
        this.workers = workers;
        this.refusals = refusals;
        var bound =
                new ServerBootstrap()
                        .group(group)
                        .channel(transport.serverType())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                        .childHandler(new Accepted())
                        .bind(spec.address())
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new ListenException(spec, bound.cause());
        }
        this.channel = bound.channel();
        if (spec.door() != null) {
            spec.door().identity().onChange(connections::recheck);
        }
    }

    /** An address that cannot be had. */
    public static final class ListenException extends RuntimeException {
        private ListenException(ListenerSpec spec, Throwable cause) {
            super(
                    spec.name()
                            + ": cannot listen on "
                            + spec.address()
                            + ": "
                            + cause.getMessage(),
                    cause);
        }
    }

    private final class Accepted extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel accepted) {
            MeshDoor door = spec.door();
            if (door == null) {
                accept(
                        new ServerConnection(Listener.this, worker(accepted), accepted, null),
                        accepted);
            } else {
                accept(new Doorkeeper(Listener.this, door, worker(accepted), accepted), accepted);
            }
        }

        private <T extends ChannelHandler & Connections.Member> void accept(
                T connection, SocketChannel accepted) {
            connections.add(connection);
            accepted.pipeline().addLast(connection);
        }
    }

    private Worker worker(Channel accepted) {
        for (Worker worker : workers) {
            if (worker.loop().equals(accepted.eventLoop())) {
                return worker;
            }
        }
        throw new IllegalStateException("accepted on a foreign event loop");
    }

    public String name() {
        return spec.name();
    }

    /** Where it listens, with the port that was given when any would do. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    ServerSettings settings() {
        return spec.settings();
    }

    RequestHandler handler() {
        return spec.handler();
    }

    @Nullable MeshDoor door() {
        return spec.door();
    }

    Via via() {
        return spec.via();
    }

    Series unrouted() {
        return spec.unrouted();
    }

    boolean announcesUnprocessed() {
        return spec.announcesUnprocessed();
    }

    Refusal refuse(Failure failure, @Nullable InetSocketAddress peer) {
        return refusals.add(spec.name(), failure, String.valueOf(peer));
    }

    Connections connections() {
        return connections;
    }

    Antechamber antechamber() {
        return antechamber;
    }

    void defect(Throwable cause) {
        LOG.error("{}: a connection failed", spec.name(), cause);
    }

    /**
     * Accepts no more connections and ends those there are, each after the response it is waiting
     * for; what is left after the patience is cut off.
     */
    public Mono<Void> drain(Duration patience) {
        return Mono.defer(
                () -> {
                    channel.close();
                    return connections.drain(patience);
                });
    }

    /** Cuts everything off. */
    public void close() {
        channel.close();
        connections.close();
    }
}
