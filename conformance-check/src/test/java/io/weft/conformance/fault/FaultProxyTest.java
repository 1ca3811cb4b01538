// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.conformance.raw.CutMessage;
import io.weft.conformance.raw.Ending;
import io.weft.conformance.raw.NoMessage;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";

    private RecordingUpstream upstream;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        upstream = RecordingUpstream.start("app", Scripts.text(200, "x".repeat(1000)));
        proxy = FaultProxy.start(upstream.address());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        upstream.close();
    }

    @Test
    void carriesTrafficWithoutFault() throws IOException {
        try (RawClient client = connect()) {
            assertThat(client.exchange(GET).text()).hasSize(1000);
            assertThat(client.exchange(GET).text()).hasSize(1000);
        }
        assertThat(proxy.accepted()).isEqualTo(1);
        assertThat(proxy.bytesToUpstream()).isEqualTo(2L * GET.length());
    }

    @Test
    void delaysInBothDirections() throws IOException {
        proxy.become(new Fault.Latency(Duration.ofMillis(60)));
        try (RawClient client = connect()) {
            assertThat(timed(client)).isBetween(Duration.ofMillis(118), Duration.ofMillis(1000));
        }
    }

    @Test
    void limitsBandwidth() throws IOException {
        proxy.become(new Fault.Bandwidth(5_000));
        try (RawClient client = connect()) {
            assertThat(timed(client)).isBetween(Duration.ofMillis(180), Duration.ofMillis(1500));
        }
    }

    @Test
    void swallowsTrafficUntilTheBlackHoleIsGone() throws IOException {
        proxy.become(new Fault.BlackHole());
        try (RawClient client = connect().patience(Duration.ofMillis(200))) {
            assertThatThrownBy(() -> client.exchange(GET))
                    .isInstanceOf(SocketTimeoutException.class);
            proxy.heal();
            client.patience(Duration.ofSeconds(5));
            assertThat(client.readResponse("GET").status()).isEqualTo(200);
        }
    }

    @Test
    void refusesNewConnectionsAndKeepsItsPort() throws IOException {
        try (RawClient old = connect()) {
            old.exchange(GET);
            for (int i = 0; i < 3; i++) {
                proxy.become(new Fault.Refuse());
                assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
                assertThat(old.exchange(GET).status()).isEqualTo(200);
                proxy.heal();
                try (RawClient client = connect()) {
                    assertThat(client.exchange(GET).status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void resetsOldAndNewConnections() throws IOException {
        try (RawClient old = connect()) {
            old.exchange(GET);
            proxy.become(new Fault.Reset());
            assertThat(old.awaitEnd()).isEqualTo(Ending.RESET);
        }
        assertThat(endOfNewConnection()).isEqualTo(Ending.RESET);
    }

    @Test
    void leavesHalfOpenConnectionsWithoutAWord() throws IOException {
        try (RawClient client = connect()) {
            client.exchange(GET);
            proxy.become(new Fault.HalfOpen());
            proxy.heal();
            client.patience(Duration.ofMillis(200));
            assertThatThrownBy(() -> client.exchange(GET))
                    .isInstanceOf(SocketTimeoutException.class);
        }
        try (RawClient fresh = connect()) {
            assertThat(fresh.exchange(GET).status()).isEqualTo(200);
        }
    }

    @Test
    void closesAfterExactlySoManyBytes() throws IOException {
        proxy.become(new Fault.CloseAfter(500));
        try (RawClient client = connect()) {
            client.write(GET);
            assertThat(client.readUntilClose()).hasSize(500);
        }
        try (RawClient client = connect()) {
            assertThatThrownBy(() -> client.exchange(GET)).isInstanceOf(CutMessage.class);
        }
    }

    @Test
    void closesExactlyOnReuse() throws IOException {
        proxy.become(new Fault.CloseOnReuse());
        try (RawClient client = connect()) {
            RawResponse first = client.exchange(GET);
            assertThat(first.status()).isEqualTo(200);
            assertThatThrownBy(() -> client.exchange(GET)).isInstanceOf(NoMessage.class);
        }
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void readsFaultsOfTheCommandLine() {
        assertThat(Fault.parse("latency 100ms"))
                .isEqualTo(new Fault.Latency(Duration.ofMillis(100)));
        assertThat(Fault.parse(" close-after 10 ")).isEqualTo(new Fault.CloseAfter(10));
        assertThatThrownBy(() -> Fault.parse("slow"))
                .hasMessageContaining("fault: slow (expected:");
    }

    @Test
    void answersNoConnectionAttemptInABlackHole() throws IOException {
        try (SynBlackHole hole = SynBlackHole.open();
                Socket socket = new Socket()) {
            assertThatThrownBy(() -> socket.connect(hole.address(), 200))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** The reset may come so soon that connecting itself fails. */
    private Ending endOfNewConnection() throws IOException {
        try (RawClient fresh = connect()) {
            return fresh.awaitEnd();
        } catch (SocketException _) {
            return Ending.RESET;
        }
    }

    private static Duration timed(RawClient client) throws IOException {
        long start = System.nanoTime();
        client.exchange(GET);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private RawClient connect() throws IOException {
        return RawClient.connect(proxy.address());
    }
}
