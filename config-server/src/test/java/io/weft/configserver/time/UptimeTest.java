// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.configserver.fixture.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UptimeTest {

    private final ManualTicker ticker = new ManualTicker();
    private final Uptime uptime = new Uptime(ticker);

    @Test
    void passesWithTheBeats() {
        for (int i = 0; i < 8; i++) {
            ticker.advance(Uptime.BEAT);
            uptime.beat();
        }

        assertThat(Duration.ofNanos(uptime.nanos())).isEqualTo(Uptime.BEAT.multipliedBy(8));
    }

    @Test
    void leavesOutWhatTheProcessDidNotLive() {
        ticker.advance(Duration.ofHours(1));
        uptime.beat();

        assertThat(Duration.ofNanos(uptime.nanos())).isEqualTo(Duration.ofSeconds(1));
    }
}
