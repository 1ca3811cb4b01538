// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver;

import io.weft.configserver.apikey.ApiKeyFollower;
import io.weft.configserver.feed.FeedHub;
import io.weft.configserver.feed.FeedServer;
import io.weft.configserver.publish.Pipeline;
import io.weft.configserver.publish.Publisher;
import io.weft.configserver.registry.RegistryLoop;
import io.weft.configserver.time.Uptime;
import io.weft.dataplane.identity.Enrolment;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The life of the control plane.
 *
 * <ol>
 *   <li>The registry remembers.
 *   <li>What was published is in force again, then what the documents say now.
 *   <li>Proxies may connect: whoever does finds a policy and its endpoints.
 *   <li>Leases and silences run from here on.
 * </ol>
 */
final class ControlPlane implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ControlPlane.class);

    private final RegistryLoop registry;
    private final Publisher publisher;
    private final Pipeline pipeline;
    private final FeedHub hub;
    private final FeedServer feed;
    private final Enrolment enrolment;
    private final ApiKeyFollower apiKeys;
    private final Uptime uptime;
    private final ScheduledExecutorService heart =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("heart").daemon().factory());
    private volatile boolean running;

    ControlPlane(
            RegistryLoop registry,
            Publisher publisher,
            Pipeline pipeline,
            FeedHub hub,
            FeedServer feed,
            Enrolment enrolment,
            ApiKeyFollower apiKeys,
            Uptime uptime) {
        this.apiKeys = apiKeys;
        this.registry = registry;
        this.publisher = publisher;
        this.pipeline = pipeline;
        this.hub = hub;
        this.feed = feed;
        this.enrolment = enrolment;
        this.uptime = uptime;
    }

    @Override
    public void start() {
        registry.restore();
        publisher.subscribe(hub::publish);
        pipeline.start();
        registry.start();
        enrolment.start();
        apiKeys.start();
        feed.start();
        long beat = Uptime.BEAT.toMillis();
        heart.scheduleWithFixedDelay(this::beat, beat, beat, TimeUnit.MILLISECONDS);
        running = true;
    }

    private void beat() {
        try {
            uptime.beat();
            hub.sweep();
            registry.sweep();
        } catch (RuntimeException e) {
            log.error("A sweep failed; the next one goes on", e);
        }
    }

    /** What is restarted is the process: its parts do not start twice. */
    @Override
    public void stop() {
        running = false;
        heart.shutdownNow();
        feed.stop();
        apiKeys.close();
        enrolment.close();
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
