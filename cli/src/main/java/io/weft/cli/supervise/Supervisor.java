// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.supervise;

import io.weft.cli.port.Claim;
import io.weft.cli.process.Children;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Starts parts and notices when one ends. Each part waits on a thread of its own; what happened
 * reaches the caller through one queue, so that it is told in order by one thread.
 */
public final class Supervisor implements AutoCloseable {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final Children children;
    private final Duration patience;
    private final Semaphore slots;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Map<String, CountDownLatch> listening = new ConcurrentHashMap<>();

    private sealed interface Event {
        record Ready(Part part, Duration took) implements Event {}

        record Failed(PartFailed how) implements Event {}
    }

    /**
     * @param children which it leaves to the caller to close
     * @param patience how long a part may take from its start until it is ready
     * @param atOnce how many parts may be starting at the same time: more than there are processors
     *     only makes all of them late
     */
    public Supervisor(Children children, Duration patience, int atOnce) {
        this.children = children;
        this.patience = patience;
        this.slots = new Semaphore(atOnce, true);
    }

    /**
     * Returns when all these parts are ready.
     *
     * @param parts in the order in which they are started as slots come free
     * @throws PartFailed if one of them, or one started before, ends or is late
     * @throws CancellationException if the children are being ended meanwhile
     */
    public void start(List<Part> parts, Progress progress) throws PartFailed, InterruptedException {
        parts.forEach(part -> listening.put(part.name(), new CountDownLatch(1)));
        try {
            parts.forEach(part -> threads.execute(() -> bring(part)));
        } catch (RejectedExecutionException closed) {
            throw new CancellationException("stopping");
        }
        Set<Part> waiting = new LinkedHashSet<>(parts);
        while (!waiting.isEmpty()) {
            progress.waiting(waiting);
            switch (next()) {
                case Event.Ready ready -> {
                    waiting.remove(ready.part());
                    progress.ready(ready.part(), ready.took());
                }
                case Event.Failed failed -> throw failed.how();
            }
        }
    }

    /**
     * Returns only by an exception.
     *
     * @throws PartFailed when a part ends
     * @throws CancellationException if the children are being ended
     */
    public void watch() throws PartFailed, InterruptedException {
        while (true) {
            if (next() instanceof Event.Failed failed) {
                throw failed.how();
            }
        }
    }

    private Event next() throws InterruptedException {
        Event event = events.take();
        if (children.closed()) {
            throw new CancellationException("stopping");
        }
        return event;
    }

    private void bring(Part part) {
        try {
            for (String before : part.after()) {
                latch(before).await();
            }
            long begin;
            slots.acquire();
            try {
                begin = System.nanoTime();
                spawn(part, begin);
                await(part, part.health().listening(), begin);
            } finally {
                slots.release();
            }
            latch(part.name()).countDown();
            if (!part.health().ready().equals(part.health().listening())) {
                await(part, part.health().ready(), begin);
            }
            events.add(new Event.Ready(part, since(begin)));
        } catch (PartFailed e) {
            events.add(new Event.Failed(e));
        } catch (InterruptedException | CancellationException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void spawn(Part part, long begin) throws PartFailed {
        part.ports().forEach(Claim::release);
        try {
            children.spawn(part.member(), part.command())
                    .onExit()
                    .thenAccept(
                            gone ->
                                    events.add(
                                            new Event.Failed(
                                                    PartFailed.ended(
                                                            part,
                                                            gone.exitValue(),
                                                            since(begin)))));
        } catch (IOException e) {
            throw PartFailed.notStarted(part, e);
        }
    }

    private void await(Part part, URI address, long begin) throws PartFailed, InterruptedException {
        while (true) {
            Probe.Answer answer = Probe.ask(address);
            if (answer.good()) {
                return;
            }
            if (since(begin).compareTo(patience) > 0) {
                throw PartFailed.late(part, patience, answer);
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private CountDownLatch latch(String part) {
        CountDownLatch latch = listening.get(part);
        if (latch == null) {
            throw new IllegalArgumentException(
                    "after: " + part + " (expected: a part started here)");
        }
        return latch;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    /** Stops waiting for parts. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
