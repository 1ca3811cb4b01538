// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.dataplane.TestEngine;
import io.weft.dataplane.TestUpstream;
import io.weft.dataplane.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final CountDownLatch answer = new CountDownLatch(1);

    private TestUpstream waiting() throws IOException {
        return TestUpstream.start(
                (wire, _) -> {
                    wire.message();
                    try {
                        assertThat(answer.await(10, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    wire.write(Wire.ok("done"));
                });
    }

    @Test
    void idleConnectionsEndAndRequestsAreAnsweredFirst() throws IOException {
        try (var upstream = waiting();
                var engine = TestEngine.start().to(upstream);
                var idle = engine.client();
                var busy = engine.client()) {
            busy.write(Wire.get("/"));
            await().atMost(SOON).until(() -> upstream.requests() == 1);

            var drained = engine.listener().drain(SOON).toFuture();
            assertThat(idle.isAtEnd()).isTrue();
            assertThatThrownBy(engine::client).isInstanceOf(IOException.class);
            assertThat(drained).isNotDone();

            answer.countDown();
            Wire.Message last = busy.answer();
            assertThat(last.body()).isEqualTo("done");
            assertThat(last.header("connection")).isEqualTo("close");
            assertThat(busy.isAtEnd()).isTrue();
            assertThat(drained).succeedsWithin(SOON);
        }
    }

    @Test
    void patienceEnds() throws IOException {
        try (var upstream = waiting();
                var engine = TestEngine.start().to(upstream);
                var busy = engine.client()) {
            busy.write(Wire.get("/"));
            await().atMost(SOON).until(() -> upstream.requests() == 1);

            assertThat(engine.listener().drain(Duration.ofMillis(200)).toFuture())
                    .succeedsWithin(SOON);
            assertThat(busy.isAtEnd()).isTrue();
            await().atMost(SOON)
                    .until(() -> engine.sum("weft_requests_total", "flag=\"client\"") == 1);
            answer.countDown();
        }
    }
}
