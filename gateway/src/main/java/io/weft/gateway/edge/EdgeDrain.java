// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import io.weft.gateway.settings.GatewaySettings.Drain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/**
 * Ends the clients' connections before anything else ends: no new ones, those there are each after
 * the response it is waiting for.
 */
public final class EdgeDrain implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeDrain.class);

    private final Edge edge;
    private final Drain drain;
    private final int phase;
    private volatile boolean running;

    /**
     * @param phase after that of all who could end connections at once
     */
    public EdgeDrain(Edge edge, Drain drain, int phase) {
        this.edge = edge;
        this.drain = drain;
        this.phase = phase;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop(Runnable callback) {
        drain().doFinally(_ -> callback.run()).subscribe();
    }

    @Override
    public void stop() {
        drain().block();
    }

    private Mono<Void> drain() {
        return Mono.defer(
                () -> {
                    running = false;
                    LOG.info("draining {} connections", edge.connections().size());
                    return Mono.delay(drain.delay())
                            .then(Mono.fromRunnable(edge::stopAccepting))
                            .then(edge.connections().drain(drain.patience()));
                });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return phase;
    }
}
