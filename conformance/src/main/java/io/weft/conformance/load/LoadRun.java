// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Deque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A run that is going on. One thread starts requests on schedule and writes them, another reads the
 * answers, so that slow answers never delay a start.
 */
public final class LoadRun implements AutoCloseable {

    private static final long SWEEP_MILLIS = 10;

    private final LoadPlan plan;
    private final AnswerListener listener;
    private final Tally tally = new Tally();
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Queue<Runnable> registrations = new ConcurrentLinkedQueue<>();
    private final Connection.Owner owner = new Bookkeeping();
    private final Selector selector;
    private final long start = System.nanoTime();
    private final Thread pacer;
    private final Thread reader;
    private volatile long lastIntended = start;
    private volatile boolean stopping;
    private volatile boolean stopped;

    LoadRun(LoadPlan plan, AnswerListener listener) throws IOException {
        this.plan = plan;
        this.listener = listener;
        this.selector = Selector.open();
        this.pacer = Thread.ofPlatform().daemon().name("load-pacer").unstarted(this::pace);
        this.reader = Thread.ofPlatform().daemon().name("load-reader").unstarted(this::read);
    }

    LoadRun begin() {
        reader.start();
        pacer.start();
        return this;
    }

    /** What was seen so far. */
    public LoadReport report() {
        return tally.report(
                Duration.ofNanos((stopping ? lastIntended : System.nanoTime()) - start));
    }

    /** Starts no more requests, waits for the outstanding ones and closes all connections. */
    public LoadReport stop() {
        stopping = true;
        join(pacer);
        stopped = true;
        selector.wakeup();
        join(reader);
        return report();
    }

    @Override
    public void close() {
        stop();
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void pace() {
        for (long number = 0; ; number++) {
            long intended = start + plan.startOf(number);
            while (!stopping && System.nanoTime() - intended < 0) {
                LockSupport.parkNanos(intended - System.nanoTime());
            }
            if (stopping) {
                return;
            }
            lastIntended = intended;
            dispatch(new Request(number, intended, plan.requests().apply(number)));
        }
    }

    private void dispatch(Request request) {
        tally.sent();
        Connection connection = idle.pollFirst();
        while (connection != null) {
            if (connection.begin(request)) {
                return;
            }
            connection = idle.pollFirst();
        }
        if (open.size() < plan.connections()) {
            connect(request);
        } else {
            tally.failed(FailureKind.SATURATED, "request " + request.number());
        }
    }

    private void connect(Request request) {
        try {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(plan.target());
            Connection connection = new Connection(channel, owner);
            open.add(connection);
            connection.begin(request);
            registrations.add(() -> register(connection, channel));
            selector.wakeup();
        } catch (IOException e) {
            tally.failed(FailureKind.CONNECT, String.valueOf(e.getMessage()));
        }
    }

    private void register(Connection connection, SocketChannel channel) {
        try {
            int operations = channel.isConnected() ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
            connection.watchedBy(channel.register(selector, operations, connection));
        } catch (IOException _) {
            connection.close();
        }
    }

    private void read() {
        ByteBuffer scratch = ByteBuffer.allocateDirect(64 * 1024);
        long swept = start;
        try (selector) {
            while (!stopped || tally.outstanding() > 0) {
                selector.select(
                        key -> ((Connection) key.attachment()).ready(scratch), SWEEP_MILLIS);
                for (Runnable r = registrations.poll(); r != null; r = registrations.poll()) {
                    r.run();
                }
                long now = System.nanoTime();
                if (now - swept > SWEEP_MILLIS * 1_000_000) {
                    swept = now;
                    open.forEach(connection -> connection.expire(now - plan.timeout().toNanos()));
                }
            }
        } catch (IOException e) {
            owner.disturbed("the selector failed: " + e.getMessage());
        } finally {
            open.forEach(Connection::close);
        }
    }

    private final class Bookkeeping implements Connection.Owner {

        @Override
        public void answered(Request request, AnswerParser answer) {
            long now = System.nanoTime();
            long latency = now - request.intended();
            tell(
                    new Answer(
                            request.number(),
                            Duration.ofNanos(now - start),
                            Duration.ofNanos(latency),
                            answer.status(),
                            answer.head(),
                            answer.body()));
            tally.answered(answer.status(), latency);
        }

        /** A listener that fails must not end the run, nor go unnoticed. */
        private void tell(Answer answer) {
            try {
                listener.onAnswer(answer);
            } catch (RuntimeException | AssertionError e) {
                disturbed("the listener failed: " + e);
            }
        }

        @Override
        public void failed(Request request, FailureKind kind, String sample) {
            tally.failed(kind, sample);
        }

        @Override
        public void disturbed(String sample) {
            tally.disturbed(sample);
        }

        @Override
        public void idle(Connection connection) {
            idle.addFirst(connection);
        }

        @Override
        public void ended(Connection connection) {
            open.remove(connection);
        }
    }
}
