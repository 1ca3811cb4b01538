// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.http.HttpFault;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefusalLogTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);
    private static final Failure FAILURE = new Failure.Denied("a-rule");

    private final RefusalLog log = new RefusalLog("orders-7f3a", CLOCK, 10);

    @Test
    void aDecisionCanBeFoundAgain() {
        Refusal refusal = log.add("outbound", FAILURE, "/127.0.0.1:5");
        log.add("outbound", FAILURE, "/127.0.0.1:6");

        assertThat(refusal.decision()).startsWith("orders-7f3a-");
        assertThat(log.find(refusal.decision())).contains(refusal);
        assertThat(refusal.detail()).contains("a-rule");
        assertThat(refusal.answer().status()).isEqualTo(403);
        assertThat(log.find("orders-7f3a-0")).isEmpty();
    }

    @Test
    void idsDifferAndGrowAlsoWithinAMillisecond() {
        var ids =
                IntStream.range(0, 5_000)
                        .mapToObj(_ -> log.add("outbound", FAILURE, "").decision())
                        .toList();

        assertThat(ids).isSorted();
        assertThat(new HashSet<>(ids)).hasSize(5_000);
    }

    @Test
    void onlyTheLastOnesAreRemembered() {
        Refusal first = log.add("outbound", FAILURE, "");
        for (int i = 0; i < 10; i++) {
            log.add("outbound", FAILURE, "");
        }
        assertThat(log.all()).hasSize(10).doesNotContain(first);
        assertThat(log.find(first.decision())).isEmpty();
    }

    @Test
    void whatTheClientIsToldNamesNothingInternal() {
        Refusal denied = log.add("outbound", FAILURE, "");
        Refusal lost = log.add("outbound", new Failure.UpstreamEnded("orders/v2"), "");
        Refusal malformed = log.add("inbound", new Failure.Malformed(HttpFault.BAD_CHUNK), "");

        assertThat(denied.answer().toProblem(denied.decision()))
                .doesNotContain("a-rule")
                .contains(denied.decision());
        assertThat(lost.answer().toProblem(lost.decision())).doesNotContain("v2");
        assertThat(malformed.answer().toProblem(malformed.decision()))
                .contains("\"status\":400", "\"flag\":\"client\"");
    }
}
