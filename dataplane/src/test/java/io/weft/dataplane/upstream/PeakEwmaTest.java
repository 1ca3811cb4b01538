// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeakEwmaTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final PeakEwma latency = new PeakEwma();

    @Test
    void knowsNothingAtFirst() {
        assertThat(latency.isKnown()).isFalse();
        assertThat(latency.average(SECOND)).isZero();
    }

    @Test
    void jumpsUpToAPeakAndSinksSlowly() {
        latency.observe(1_000, 0);
        latency.observe(9_000, SECOND);
        assertThat(latency.average()).isEqualTo(9_000);

        latency.observe(1_000, 2 * SECOND);
        assertThat(latency.average()).isBetween(8_000.0, 8_500.0);
    }

    @Test
    void sinksAlsoWhenNobodyAsks() {
        latency.observe(9_000, 0);

        assertThat(latency.average(SECOND / 20)).isEqualTo(9_000);
        assertThat(latency.average(10 * SECOND)).isCloseTo(9_000 / Math.E, within(1.0));
        assertThat(latency.average(100 * SECOND)).isLessThan(1);
    }
}
