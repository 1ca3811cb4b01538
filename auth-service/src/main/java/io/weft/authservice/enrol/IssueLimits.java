// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import io.weft.policy.identity.ServiceName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many certificates a workload gets: an hour's worth at once, refilled evenly. Asked only for
 * workloads that have been attested, so that nobody can use up another's share and there are no
 * more of them than were let in.
 */
final class IssueLimits {

    private static final Duration HOUR = Duration.ofHours(1);

    private final int perHour;
    private final Clock clock;

    /** When the bucket of a workload will be full again, by workload. */
    private final Map<ServiceName, Instant> full = new ConcurrentHashMap<>();

    IssueLimits(int perHour, Clock clock) {
        this.perHour = perHour;
        this.clock = clock;
    }

    /** Takes one. */
    void take(ServiceName workload) {
        Instant now = clock.instant();
        Duration each = HOUR.dividedBy(perHour);
        full.compute(
                workload,
                (_, at) -> {
                    Instant next = (at == null || at.isBefore(now) ? now : at).plus(each);
                    Duration ahead = Duration.between(now, next).minus(HOUR);
                    if (ahead.isPositive()) {
                        throw Refusal.tooMany(ahead);
                    }
                    return next;
                });
    }

    /** Forgets whom it has nothing to hold against. */
    void sweep() {
        Instant now = clock.instant();
        full.values().removeIf(now::isAfter);
    }
}
