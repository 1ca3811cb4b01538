// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.telemetry;

import io.weft.dataplane.failure.Answer;
import io.weft.dataplane.failure.Flag;
import org.jspecify.annotations.Nullable;

/**
 * The traffic counters of one source, destination, version and route. Each event loop counts in
 * arrays of its own; whoever reads adds them up. A reader may see a count a moment late, never a
 * wrong one.
 */
public final class Series {

    /**
     * Upper bounds of the latency buckets in seconds (OpenTelemetry HTTP conventions, finer below).
     */
    static final double[] BOUNDS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
    };

    private static final long[] BOUNDS_NANOS = new long[BOUNDS.length];

    static {
        for (int i = 0; i < BOUNDS.length; i++) {
            BOUNDS_NANOS[i] = Math.round(BOUNDS[i] * 1e9);
        }
    }

    private final SeriesKey key;
    private final @Nullable Counts[] byLoop;

    /** A series that nobody asks for what it has counted. */
    public static Series uncounted(SeriesKey key, int loops) {
        return new Series(key, loops);
    }

    Series(SeriesKey key, int loops) {
        this.key = key;
        this.byLoop = new Counts[loops];
    }

    SeriesKey key() {
        return key;
    }

    /**
     * Counts a request that has ended.
     *
     * @param loop the number of the calling event loop
     */
    public void record(int loop, Method method, int status, Flag flag, long nanos) {
        Counts counts = byLoop[loop];
        if (counts == null) {
            counts = new Counts();
            byLoop[loop] = counts;
        }
        counts.record(method, status, flag, nanos);
    }

    /**
     * Counts a request that this proxy answers itself.
     *
     * @param loop the number of the calling event loop
     * @param startedAt when the request was there, in {@link System#nanoTime()}
     */
    public void record(int loop, Method method, Answer answer, long startedAt) {
        record(loop, method, answer.status(), answer.flag(), System.nanoTime() - startedAt);
    }

    /** Adds what every loop has counted so far. */
    Counts total() {
        var total = new Counts();
        for (Counts counts : byLoop) {
            if (counts != null) {
                total.add(counts);
            }
        }
        return total;
    }

    /** Counters of one loop. */
    static final class Counts {
        /** Combinations of method, status and flag; more than this many are counted as "other". */
        static final int CAPACITY = 64;

        private static final int OTHER = pack(Method.OTHER, 0, Flag.FAULT);
        static final int CLASSES = 6;

        final int[] keys = new int[CAPACITY];
        final long[] requests = new long[CAPACITY];
        final long[][] buckets = new long[CLASSES][];
        final long[] sums = new long[CLASSES];
        private int used;

        void record(Method method, int status, Flag flag, long nanos) {
            requests[slot(pack(method, status, flag))]++;
            int codeClass = Math.min(status / 100, CLASSES - 1);
            long[] histogram = buckets[codeClass];
            if (histogram == null) {
                histogram = new long[BOUNDS.length + 1];
                buckets[codeClass] = histogram;
            }
            int bucket = 0;
            while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) {
                bucket++;
            }
            histogram[bucket]++;
            sums[codeClass] += nanos;
        }

        private int slot(int packed) {
            int slot = (packed * 0x9e3779b9) >>> 26;
            while (keys[slot] != packed) {
                if (keys[slot] == 0) {
                    if (used >= CAPACITY - 2 && packed != OTHER) {
                        return slot(OTHER);
                    }
                    used++;
                    keys[slot] = packed;
                    break;
                }
                slot = (slot + 1) % CAPACITY;
            }
            return slot;
        }

        private void add(Counts other) {
            for (int i = 0; i < CAPACITY; i++) {
                if (other.keys[i] != 0 && other.requests[i] != 0) {
                    requests[slot(other.keys[i])] += other.requests[i];
                }
            }
            for (int c = 0; c < CLASSES; c++) {
                long[] histogram = other.buckets[c];
                if (histogram != null) {
                    if (buckets[c] == null) {
                        buckets[c] = new long[histogram.length];
                    }
                    for (int b = 0; b < histogram.length; b++) {
                        buckets[c][b] += histogram[b];
                    }
                    sums[c] += other.sums[c];
                }
            }
        }

        private static int pack(Method method, int status, Flag flag) {
            return 1 << 24 | method.ordinal() << 16 | flag.ordinal() << 12 | status;
        }

        static Method method(int packed) {
            return Method.values()[packed >>> 16 & 0xff];
        }

        static Flag flag(int packed) {
            return Flag.values()[packed >>> 12 & 0xf];
        }

        static int status(int packed) {
            return packed & 0xfff;
        }
    }
}
