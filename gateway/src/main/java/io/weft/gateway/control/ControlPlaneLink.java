// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.control;

import io.weft.dataplane.identity.Enrolment;
import io.weft.dataplane.subscription.Subscription;
import org.springframework.context.SmartLifecycle;

/**
 * Looks after the identity and follows the control plane for as long as the application runs: from
 * before the server starts, with the policy that was kept, to after it has stopped.
 */
public final class ControlPlaneLink implements SmartLifecycle {

    private final Enrolment enrolment;
    private final Subscription subscription;
    private final int phase;
    private volatile boolean running;

    /**
     * @param phase before that of the server
     */
    public ControlPlaneLink(Enrolment enrolment, Subscription subscription, int phase) {
        this.enrolment = enrolment;
        this.subscription = subscription;
        this.phase = phase;
    }

    @Override
    public void start() {
        running = true;
        subscription.prepare();
        enrolment.start();
        subscription.start();
    }

    @Override
    public void stop() {
        running = false;
        subscription.close();
        enrolment.close();
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
