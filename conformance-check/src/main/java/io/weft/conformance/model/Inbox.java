// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/**
 * What came in on a socket, read ahead by a thread of its own, so that the end of a connection is
 * noticed while its bytes are of no interest yet.
 */
final class Inbox {

    /** Watches for what nobody waits for. */
    interface Watcher {

        void changed();
    }

    private final byte[] ring;
    private int start;
    private int count;
    private boolean ended;
    private boolean reset;
    private long deadline = Long.MAX_VALUE;
    private Watcher watcher = () -> {};

    Inbox(InputStream from, int capacity) {
        ring = new byte[capacity];
        Thread.ofVirtual().start(() -> collect(from));
    }

    /** Who is told, on the reading thread, of each arrival and of the end. */
    synchronized void watchedBy(Watcher watcher) {
        this.watcher = watcher;
    }

    /** Reads fail with a timeout after this time of {@link System#nanoTime}. */
    synchronized void deadline(long nanoTime) {
        deadline = nanoTime;
        notifyAll();
    }

    synchronized void noDeadline() {
        deadline = Long.MAX_VALUE;
    }

    synchronized boolean isEmpty() {
        return count == 0;
    }

    synchronized boolean ended() {
        return ended;
    }

    synchronized boolean wasReset() {
        return reset;
    }

    /** One byte, or -1 at the end. */
    synchronized int read() throws IOException {
        if (!await()) {
            return -1;
        }
        int b = ring[start] & 0xff;
        take(1);
        return b;
    }

    /** Some bytes, at least one, or -1 at the end. */
    synchronized int read(byte[] to, int length) throws IOException {
        if (!await()) {
            return -1;
        }
        int n = Math.min(Math.min(count, length), ring.length - start);
        System.arraycopy(ring, start, to, 0, n);
        take(n);
        return n;
    }

    private void take(int n) {
        start = (start + n) % ring.length;
        count -= n;
        notifyAll();
    }

    private boolean await() throws IOException {
        try {
            while (count == 0 && !ended) {
                if (deadline == Long.MAX_VALUE) {
                    wait();
                } else {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        throw new SocketTimeoutException("no byte in time");
                    }
                    wait(left / 1_000_000, (int) (left % 1_000_000));
                }
            }
            return count > 0;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }
    }

    private void collect(InputStream from) {
        byte[] block = new byte[8192];
        try {
            for (int n = from.read(block); n >= 0; n = from.read(block)) {
                add(block, n);
                tell();
            }
            end(false);
        } catch (IOException _) {
            end(true);
        } catch (InterruptedException _) {
            end(true);
        }
        tell();
    }

    private void tell() {
        Watcher told;
        synchronized (this) {
            told = watcher;
        }
        told.changed();
    }

    private synchronized void end(boolean byReset) {
        ended = true;
        reset = byReset;
        notifyAll();
    }

    private synchronized void add(byte[] block, int n) throws InterruptedException {
        for (int at = 0; at < n; ) {
            while (count == ring.length) {
                wait();
            }
            int end = (start + count) % ring.length;
            int room = Math.min(ring.length - count, ring.length - end);
            int piece = Math.min(room, n - at);
            System.arraycopy(block, at, ring, end, piece);
            count += piece;
            at += piece;
            notifyAll();
        }
    }
}
