// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.server;

import io.weft.authservice.account.Invitations;
import io.weft.authservice.key.KeySettings;
import io.weft.authservice.key.SigningKeys;
import io.weft.authservice.token.Authorizations;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Rotates keys and forgets what has expired. What fails is done the next time. */
final class Housekeeping implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    private static final Duration FORGET_EVERY = Duration.ofMinutes(10);

    private final SigningKeys keys;
    private final Authorizations authorizations;
    private final Invitations invitations;
    private final KeySettings settings;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("housekeeping").daemon().factory());
    private volatile boolean running;

    Housekeeping(
            SigningKeys keys,
            Authorizations authorizations,
            Invitations invitations,
            KeySettings settings) {
        this.keys = keys;
        this.authorizations = authorizations;
        this.invitations = invitations;
        this.settings = settings;
    }

    @Override
    public void start() {
        every(settings.refreshEvery(), keys::refresh);
        every(FORGET_EVERY, authorizations::forgetExpired);
        every(FORGET_EVERY, invitations::forgetExpired);
        running = true;
    }

    private void every(Duration pause, Runnable chore) {
        long millis = pause.toMillis();
        thread.scheduleWithFixedDelay(() -> attempt(chore), millis, millis, TimeUnit.MILLISECONDS);
    }

    private static void attempt(Runnable chore) {
        try {
            chore.run();
        } catch (RuntimeException e) {
            log.warn("Housekeeping failed, the next time will do: {}", e.toString());
        }
    }

    @Override
    public void stop() {
        running = false;
        thread.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
