// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import io.netty.channel.EventLoop;
import io.weft.dataplane.failure.Flag;
import io.weft.dataplane.loop.Worker;
import io.weft.dataplane.telemetry.Method;
import io.weft.dataplane.telemetry.Series;
import io.weft.gateway.edge.Client;

/** Counts the requests that the gateway answers itself. */
final class OwnAnswers {

    private OwnAnswers() {}

    /** Counters belong to their event loop; filters may have left it. */
    static void count(Client client, Series series, Method method, int status, Flag flag) {
        Worker worker = client.worker();
        EventLoop loop = worker.loop();
        long took = System.nanoTime() - client.startedAt();
        if (loop.inEventLoop()) {
            series.record(worker.index(), method, status, flag, took);
        } else {
            loop.execute(() -> series.record(worker.index(), method, status, flag, took));
        }
    }
}
