// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GuessBrakeTest {

    private final AtomicLong nanos = new AtomicLong();
    private final GuessBrake brake = new GuessBrake(nanos::get);

    private int attempts(int times, String user, String address) {
        int admitted = 0;
        for (int i = 0; i < times; i++) {
            if (brake.attempt(user, address).isZero()) {
                admitted++;
            }
        }
        return admitted;
    }

    @Test
    void admitsTenAndThenOneEveryThirtySeconds() {
        assertThat(attempts(100, "alice", "192.0.2.1")).isEqualTo(10);
        assertThat(brake.attempt("alice", "192.0.2.1")).isLessThanOrEqualTo(Duration.ofSeconds(50));
        nanos.addAndGet(Duration.ofMinutes(5).toNanos());
        assertThat(attempts(100, "alice", "192.0.2.1")).isEqualTo(10);
    }

    @Test
    void givesBackWhatSucceeded() {
        for (int i = 0; i < 1000; i++) {
            assertThat(brake.attempt("alice", "192.0.2.1")).isZero();
            brake.succeeded("alice", "192.0.2.1");
        }
    }

    @Test
    void stopsOneAddressThatTriesManyUsers() {
        int admitted = 0;
        for (int i = 0; i < 1000; i++) {
            admitted += attempts(1, "user" + i, "192.0.2.1");
        }
        assertThat(admitted).isEqualTo(50);
    }

    @Test
    void stopsManyAddressesThatTryOneUser() {
        int admitted = 0;
        for (int i = 0; i < 1000; i++) {
            admitted += attempts(1, "alice", "198.51." + i / 250 + "." + i % 250);
        }
        assertThat(admitted).isEqualTo(100);
    }

    @Test
    void takesOneIpv6NetworkForOneAddress() {
        int admitted = 0;
        for (int i = 0; i < 200; i++) {
            admitted += attempts(1, "alice", "2001:db8:0:1::" + Integer.toHexString(i));
        }
        assertThat(admitted).isEqualTo(10);
    }

    @Test
    void doesNotCareHowAUserIsWritten() {
        assertThat(attempts(10, "alice", "192.0.2.1")).isEqualTo(10);
        assertThat(attempts(10, " ALICE ", "192.0.2.1")).isZero();
    }
}
