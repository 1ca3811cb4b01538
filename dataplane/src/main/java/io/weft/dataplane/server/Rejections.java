// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.weft.dataplane.failure.Answer;
import io.weft.dataplane.failure.DecisionIds;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.FailureResponses;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives refusals their decision id and writes one line about each, but not more lines than a log can
 * take: somebody who is refused may come back a thousand times in a second.
 */
public final class Rejections {

    private static final Logger LOG = LoggerFactory.getLogger("io.weft.rejections");
    private static final int LINES_PER_SECOND = 20;

    private final String listener;
    private final DecisionIds ids;
    private final AtomicLong second = new AtomicLong();
    private final AtomicLong lines = new AtomicLong();
    private final AtomicLong suppressed = new AtomicLong();

    public Rejections(String listener, DecisionIds ids) {
        this.listener = listener;
        this.ids = ids;
    }

    /** What a client is told, and under which id. */
    record Rejection(Answer answer, String decision) {}

    Rejection of(Failure failure, @Nullable Object peer) {
        Answer answer = FailureResponses.to(failure);
        String decision = ids.next();
        if (mayLog()) {
            LOG.info(
                    "listener={} status={} flag={} reason=\"{}\" peer={} decision={}",
                    listener,
                    answer.status(),
                    answer.flag().label(),
                    reason(failure),
                    peer,
                    decision);
        }
        return new Rejection(answer, decision);
    }

    /** For operators, who may know more than clients. */
    private static String reason(Failure failure) {
        return switch (failure) {
            case Failure.Malformed(var fault) -> fault.name() + ": " + fault.description();
            case Failure.SlowClient(String phase) -> "client too slow: " + phase;
            case Failure.NoRoute(boolean known) -> known ? "no rule matches" : "unknown host";
            case Failure.Denied(String rule) -> "denied by " + rule + ", identity unverified";
            case Failure.Unreachable(String to, String why) -> to + ": " + why;
            case Failure.UpstreamEnded(String to, String why) -> to + ": " + why;
            case Failure.UpstreamMalformed(String to, var fault) -> to + ": " + fault.name();
            case Failure.UpstreamTimeout(String to, String limit) -> to + ": " + limit + " timeout";
            case Failure.Loop _ -> "loop";
            case Failure.NotReady _ -> "no policy yet";
            case Failure.Defect _ -> "defect";
            case Failure.ClientGone _ -> "client gone";
        };
    }

    private boolean mayLog() {
        long now = System.nanoTime() / 1_000_000_000L;
        if (second.getAndSet(now) != now) {
            lines.set(0);
            long missed = suppressed.getAndSet(0);
            if (missed > 0) {
                LOG.info("listener={} {} further refusals were not logged", listener, missed);
            }
        }
        if (lines.incrementAndGet() <= LINES_PER_SECOND) {
            return true;
        }
        suppressed.incrementAndGet();
        return false;
    }
}
