// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.failure;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives refusals their decision id, remembers the last ones, and writes a line about each, but not
 * more lines than a log can take: whoever is refused may come back a thousand times in a second.
 */
public final class RefusalLog {

    /**
     * What a proxy remembers: a few megabytes when it is under attack, next to nothing otherwise.
     */
    public static final int CAPACITY = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger("io.weft.refusals");
    private static final int LINES_PER_SECOND = 20;

    private final DecisionIds ids;
    private final Clock clock;
    private final int capacity;
    private final Deque<Refusal> last = new ArrayDeque<>();
    private long second;
    private int lines;
    private int missed;

    public RefusalLog(String proxy, Clock clock, int capacity) {
        this.ids = new DecisionIds(proxy, clock);
        this.clock = clock;
        this.capacity = capacity;
    }

    /** Notes a refusal. */
    public synchronized Refusal add(String listener, Failure failure, String peer) {
        var refusal =
                new Refusal(
                        ids.next(),
                        clock.instant(),
                        listener,
                        FailureResponses.to(failure),
                        failure.reason(),
                        failure.detail(),
                        peer);
        if (last.size() == capacity) {
            last.removeFirst();
        }
        last.addLast(refusal);
        log(refusal);
        return refusal;
    }

    /** The refusal that a client was told this id of, if it is remembered. */
    public synchronized Optional<Refusal> find(String decision) {
        return last.stream().filter(each -> each.decision().equals(decision)).findFirst();
    }

    /** What is remembered, oldest first. */
    public synchronized List<Refusal> all() {
        return List.copyOf(last);
    }

    private void log(Refusal refusal) {
        long now = refusal.at().getEpochSecond();
        if (now != second) {
            second = now;
            lines = 0;
            if (missed > 0) {
                LOG.info("{} further refusals were not logged", missed);
                missed = 0;
            }
        }
        if (++lines > LINES_PER_SECOND) {
            missed++;
            return;
        }
        LOG.info(
                "listener={} status={} flag={} reason={} detail=\"{}\" peer={} decision={}",
                refusal.listener(),
                refusal.answer().status(),
                refusal.answer().flag().label(),
                refusal.reason(),
                refusal.detail(),
                refusal.peer(),
                refusal.decision());
    }
}
