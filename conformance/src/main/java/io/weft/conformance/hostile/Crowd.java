// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Does the same with many things at once, a bounded number at a time. */
final class Crowd {

    private static final int AT_ONCE = 64;

    private Crowd() {}

    /** The results in the order of the items. */
    static <T, R> List<R> each(List<T> items, Function<T, R> work) throws InterruptedException {
        Semaphore places = new Semaphore(AT_ONCE);
        List<Future<R>> futures = new ArrayList<>();
        try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            for (T item : items) {
                places.acquire();
                futures.add(
                        crowd.submit(
                                () -> {
                                    try {
                                        return work.apply(item);
                                    } finally {
                                        places.release();
                                    }
                                }));
            }
        }
        List<R> results = new ArrayList<>();
        for (Future<R> future : futures) {
            results.add(result(future));
        }
        return results;
    }

    private static <R> R result(Future<R> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
