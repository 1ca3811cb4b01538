// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.loop;

import io.netty.channel.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A point in time that is moved again and again and rarely reached. Moving it later costs a
 * comparison: the timer that is running already finds out when it fires. Used on one event loop.
 */
public final class Deadline {

    private static final long NONE = Long.MAX_VALUE;

    private final EventLoop loop;
    private final Runnable onDue;
    private long due = NONE;
    private long armedFor = NONE;
    private @Nullable Future<?> timer;

    public Deadline(EventLoop loop, Runnable onDue) {
        this.loop = loop;
        this.onDue = onDue;
    }

    /**
     * Moves the deadline.
     *
     * @param nanoTime on the scale of {@link System#nanoTime()}
     */
    public void set(long nanoTime) {
        due = nanoTime;
        if (timer == null || due < armedFor) {
            arm();
        }
    }

    /** There is nothing to wait for. */
    public void clear() {
        due = NONE;
    }

    /** Gives the timer up for good. */
    public void cancel() {
        due = NONE;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void arm() {
        if (timer != null) {
            timer.cancel(false);
        }
        armedFor = due;
        timer = loop.schedule(this::fire, due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void fire() {
        timer = null;
        if (due == NONE) {
            return;
        }
        if (due - System.nanoTime() > 0) {
            arm();
        } else {
            due = NONE;
            onDue.run();
        }
    }
}
