// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.upstream;

import io.weft.dataplane.loop.Worker;
import java.util.ArrayDeque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as one event loop sees it: its idle connections, its load and whether it can be
 * reached. The connection that was used last is used next, so that a pool shrinks to what is
 * needed.
 */
public final class Lane {

    private static final long FIRST_BACKOFF_MILLIS = 500;
    private static final long LONGEST_BACKOFF_MILLIS = 10_000;

    /** A connection idle for longer may have been closed while a request was on its way. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How slow an endpoint is taken to be while its first answer is awaited. */
    private static final double UNKNOWN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Endpoint endpoint;
    private final Worker worker;
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
    private final PeakEwma latency = new PeakEwma();
    private int inFlight;
    private long backoffMillis = FIRST_BACKOFF_MILLIS;
    private boolean probing;

    Lane(Endpoint endpoint, Worker worker) {
        this.endpoint = endpoint;
        this.worker = worker;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    Worker worker() {
        return worker;
    }

    /**
     * What one more request would have to wait for; compared, never shown. An endpoint that is new,
     * or was slow a while ago, is tried with one request: while that one is on its way nothing
     * better is known of it, and it does not get the next one too.
     */
    public double cost(long now) {
        if (inFlight == 0) {
            return latency.average(now);
        }
        double average = latency.isKnown() ? latency.average() : UNKNOWN_NANOS;
        return average * (inFlight + 1);
    }

    /** A request was given to this endpoint. */
    public void begin() {
        inFlight++;
    }

    /** That request is no longer with this endpoint. */
    public void end() {
        inFlight--;
    }

    public void observe(long nanos, long now) {
        latency.observe(nanos, now);
    }

    /**
     * A connection that can be used at once, or null.
     *
     * @param surely whether it must not have been idle for long, because the request could not be
     *     sent a second time if the endpoint just closes it
     */
    public @Nullable UpstreamConnection takeIdle(boolean surely, long now) {
        UpstreamConnection connection = idle.pollFirst();
        while (connection != null) {
            if (!connection.isUsable()) {
                connection.close();
            } else if (surely && now - connection.idleSince() > FRESH_NANOS) {
                idle.addFirst(connection);
                return null;
            } else {
                return connection;
            }
            connection = idle.pollFirst();
        }
        return null;
    }

    void put(UpstreamConnection connection) {
        if (endpoint.isRemoved()) {
            connection.close();
        } else {
            idle.addFirst(connection);
        }
    }

    void forget(UpstreamConnection connection) {
        idle.remove(connection);
    }

    void closeIdle() {
        UpstreamConnection connection;
        while ((connection = idle.pollFirst()) != null) {
            connection.close();
        }
    }

    /** A connection was made. */
    void connected() {
        backoffMillis = FIRST_BACKOFF_MILLIS;
        endpoint.reachable(true);
    }

    /**
     * No connection could be made: the endpoint is out of the choice until one can. It is tried
     * with a connection and no request, at growing, jittered intervals.
     */
    public void unreachable() {
        endpoint.reachable(false);
        scheduleProbe();
    }

    /** The endpoint answered that its service is not there; try again in a moment. */
    public void notServing() {
        endpoint.reachable(false);
        if (!probing) {
            probing = true;
            worker.loop()
                    .schedule(
                            () -> {
                                probing = false;
                                endpoint.reachable(true);
                            },
                            nextBackoff(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void scheduleProbe() {
        if (!probing && !endpoint.isRemoved()) {
            probing = true;
            worker.loop().schedule(this::probe, nextBackoff(), TimeUnit.MILLISECONDS);
        }
    }

    private long nextBackoff() {
        long base = backoffMillis;
        backoffMillis = Math.min(LONGEST_BACKOFF_MILLIS, base * 2);
        return base / 2 + ThreadLocalRandom.current().nextLong(base);
    }

    private void probe() {
        probing = false;
        if (!endpoint.isRemoved()) {
            UpstreamConnection.connect(this, new Probe());
        }
    }

    private final class Probe implements UpstreamConnection.ConnectListener {
        @Override
        public void connected(UpstreamConnection connection) {
            connection.keep();
        }

        @Override
        public void connectFailed(Throwable cause) {
            unreachable();
        }
    }
}
