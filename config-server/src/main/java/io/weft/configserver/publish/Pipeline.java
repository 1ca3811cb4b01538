// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.publish;

import io.weft.configserver.source.DirectoryWatch;
import io.weft.configserver.source.PolicySettings;
import io.weft.configserver.source.PolicySource;
import io.weft.configserver.source.Reading;
import io.weft.policy.problem.Position;
import io.weft.policy.problem.Problem;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * source → compile → publish, whenever something says that the documents may have changed: an event
 * of the file system, the clock, or somebody over the API. All of it happens on one thread.
 */
public final class Pipeline implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

    /** After this a document in the middle of a change is looked at again. */
    private static final Duration SETTLE = Duration.ofMillis(100);

    private static final Duration GOODBYE = Duration.ofSeconds(10);

    private final PolicySource source;
    private final PolicySettings settings;
    private final Publisher publisher;
    private final DirectoryWatch watch;
    private final AtomicBoolean pending = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("policy").daemon().factory());

    public Pipeline(PolicySource source, PolicySettings settings, Publisher publisher)
            throws IOException {
        this.source = source;
        this.settings = settings;
        this.publisher = publisher;
        this.watch = new DirectoryWatch(this::changed);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    /**
     * Restores what was in force, publishes what the documents say, and follows them from then on.
     *
     * @throws io.weft.configserver.source.NoPolicyDirectoryException when there is neither
     */
    public void start() {
        publisher.restore();
        if (publisher.state().published() == null) {
            source.requireDirectory();
        }
        refresh().join();
        long rescan = settings.rescan().toMillis();
        thread.scheduleWithFixedDelay(() -> run(false), rescan, rescan, TimeUnit.MILLISECONDS);
        if (source.isRemote()) {
            long poll = settings.gitPoll().toMillis();
            thread.scheduleWithFixedDelay(() -> run(true), poll, poll, TimeUnit.MILLISECONDS);
        }
    }

    /** Looks for changes everywhere now. Completes when they are published. */
    public CompletableFuture<PolicyState> refresh() {
        return CompletableFuture.supplyAsync(
                () -> {
                    run(true);
                    return publisher.state();
                },
                thread);
    }

    /** Takes note of the version that a proxy has in force. Does not wait. */
    public void heardOf(PolicyVersion version) {
        if (publisher.isNews(version)) {
            thread.execute(() -> publisher.heardOf(version));
        }
    }

    /** Many events make one look. */
    private void changed() {
        if (pending.compareAndSet(false, true)) {
            thread.execute(
                    () -> {
                        pending.set(false);
                        run(false);
                    });
        }
    }

    private void run(boolean fetch) {
        try {
            Reading reading = source.read(fetch);
            if (watch.watch(source.directories())) {
                // What happened before the watch began has made no event.
                reading = source.read(false);
            }
            publisher.accept(reading);
            if (reading instanceof Reading.Documents documents && documents.settling()) {
                thread.schedule(this::changed, SETTLE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            log.error("The documents could not be compiled; what is in force stays", e);
            publisher.fail(new Problem(Position.of("policy"), "", "", e.toString(), ""));
        }
    }

    /** Lets what is being published be finished. */
    @Override
    public void close() throws IOException {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.close();
    }
}
