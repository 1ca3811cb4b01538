// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import io.weft.authservice.ca.CertificateAuthority;
import io.weft.authservice.enrol.Enrolment;
import io.weft.authservice.listen.TlsListener;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** The life of the certificate authority: it listens, and each second looks what has become due. */
final class CertificateService implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(CertificateService.class);

    private final CertificateAuthority authority;
    private final Enrolment enrolment;
    private final TlsListener listener;
    private final ScheduledExecutorService heart =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("authority").daemon().factory());
    private volatile boolean running;

    CertificateService(CertificateAuthority authority, Enrolment enrolment, TlsListener listener) {
        this.authority = authority;
        this.enrolment = enrolment;
        this.listener = listener;
    }

    @Override
    public void start() {
        listener.start();
        heart.scheduleWithFixedDelay(this::beat, 1, 1, TimeUnit.SECONDS);
        running = true;
    }

    private void beat() {
        try {
            authority.advance();
            listener.renewIfDue();
            enrolment.advance();
        } catch (IOException | RuntimeException e) {
            log.error("The authority stays as it is for now: {}", e.toString());
        }
    }

    /** What is restarted is the process: its parts do not start twice. */
    @Override
    public void stop() {
        running = false;
        heart.shutdownNow();
        listener.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the web servers start and after they have stopped. */
    @Override
    public int getPhase() {
        return 0;
    }
}
