// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.control;

import io.weft.dataplane.subscription.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Follows the control plane for as long as the application runs: from before the server starts,
 * with the policy that was kept, to after it has stopped.
 */
public final class ControlPlaneLink implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneLink.class);

    private final Subscription subscription;
    private final int phase;
    private volatile boolean running;

    /**
     * @param phase before that of the server
     */
    public ControlPlaneLink(Subscription subscription, int phase) {
        this.subscription = subscription;
        this.phase = phase;
    }

    @Override
    public void start() {
        running = true;
        subscription.start();
        LOG.warn("traffic to agents is not encrypted and their identity is not verified yet");
    }

    @Override
    public void stop() {
        running = false;
        subscription.close();
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
