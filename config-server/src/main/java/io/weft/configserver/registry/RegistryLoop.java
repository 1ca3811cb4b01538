// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of the registry: fills it, and tells and stores its changes, each many at a time. A
 * thousand instances that come at once make a few messages and one write.
 */
public final class RegistryLoop implements AutoCloseable {

    /** Changes so close together are one. */
    static final Duration TOGETHER = Duration.ofMillis(10);

    /** As {@link #TOGETHER} while many come: each is told with all instances of its service. */
    static final Duration TOGETHER_IN_A_RUSH = Duration.ofMillis(100);

    /** Changes no further apart than this make a rush. */
    private static final Duration RUSH = Duration.ofMillis(200);

    /** What a crash may forget; who was forgotten registers again. */
    static final Duration STORED_WITHIN = Duration.ofMillis(200);

    private static final Logger log = LoggerFactory.getLogger(RegistryLoop.class);

    private final Registry registry;
    private final InstanceStore store;
    private final RegistrySettings settings;
    private final Discovery discovery;
    private final Consumer<Endpoints> told;
    private final AtomicBoolean telling = new AtomicBoolean();
    private final AtomicBoolean storing = new AtomicBoolean();
    private final ScheduledExecutorService teller = thread("registry");

    /** Apart from the other, because a disk may take its time. */
    private final ScheduledExecutorService writer = thread("registry-store");

    private volatile long lastTold = System.nanoTime() - RUSH.toNanos();
    private final ScheduledExecutorService discoverer = thread("discovery");

    /**
     * @param told hears of endpoints that have changed
     */
    public RegistryLoop(
            Registry registry,
            InstanceStore store,
            RegistrySettings settings,
            Discovery discovery,
            Consumer<Endpoints> told) {
        this.registry = registry;
        this.store = store;
        this.settings = settings;
        this.discovery = discovery;
        this.told = told;
    }

    private static ScheduledExecutorService thread(String name) {
        var thread =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name(name).daemon().factory());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return thread;
    }

    /** Fills the registry with what was there before and what the settings say. */
    public void restore() {
        registry.restore(store);
        registry.add(settings);
    }

    /** Tells what there is before it returns; tells and stores what changes from now on. */
    public void start() {
        registry.onChange(this::changed);
        told.accept(registry.update());
        if (discovery.isNeeded()) {
            long poll = settings.discoveryPoll().toMillis();
            discoverer.scheduleWithFixedDelay(discovery::poll, 0, poll, TimeUnit.MILLISECONDS);
        }
    }

    /** Looks after the clock; to be called with every beat. */
    public void sweep() {
        registry.sweep();
    }

    private void changed() {
        if (telling.compareAndSet(false, true)) {
            boolean rush = System.nanoTime() - lastTold < RUSH.toNanos();
            Duration together = rush ? TOGETHER_IN_A_RUSH : TOGETHER;
            teller.schedule(this::tell, together.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (storing.compareAndSet(false, true)) {
            writer.schedule(this::write, STORED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tell() {
        telling.set(false);
        lastTold = System.nanoTime();
        told.accept(registry.update());
    }

    private void write() {
        storing.set(false);
        try {
            store.save(registry.toStore());
        } catch (IOException e) {
            log.error("The registry could not be stored: {}", e.toString());
        }
    }

    /** Stores what is not stored yet. */
    @Override
    public void close() {
        discoverer.shutdownNow();
        teller.shutdownNow();
        // Waited for: shutting down would drop what is scheduled, and interrupt what is under way.
        CompletableFuture.runAsync(this::write, writer).join();
        writer.shutdown();
    }
}
