// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.fault.Fault;
import io.weft.conformance.fault.FaultProxy;
import io.weft.conformance.proxy.Endpoint;
import io.weft.conformance.proxy.ProxySpec;
import io.weft.conformance.proxy.ProxyUnderTest;
import io.weft.conformance.proxy.TestPolicies;
import io.weft.conformance.raw.BodyReader;
import io.weft.conformance.raw.CutMessage;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.Scripts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Upstreams that are slow, away or dying. */
abstract class FailureCases extends StreamingCases {

    @Test
    protected void givesUpAtTheRequestTimeout() throws IOException {
        onlyWhereRoutesApply();
        proxy.updatePolicy(TestPolicies.toApp("to: { app: 100 }, timeout: { request: 400ms }"));
        givesUpInTime();
    }

    @Test
    protected void givesUpAtTheAttemptTimeout() throws IOException {
        onlyWhereRoutesApply();
        proxy.updatePolicy(
                TestPolicies.toApp("to: { app: 100 }, timeout: { request: 20s, attempt: 400ms }"));
        givesUpInTime();
    }

    private void givesUpInTime() throws IOException {
        upstream.answerWith(Scripts.silence());
        RawClient client = client();
        long start = System.nanoTime();
        RawResponse response = client.exchange(get("/"));
        Duration taken = Duration.ofNanos(System.nanoTime() - start);

        ProblemDocument.assertIn(response, 504, "timeout");
        assertThat(taken).isBetween(Duration.ofMillis(380), Duration.ofMillis(3000));
        await().until(() -> upstream.connections().getFirst().ending().isPresent());
        upstream.answerWith(Scripts.echo());
        assertThat(client().exchange(get("/next")).header("X-Echo-Target")).contains("/next");
    }

    @Test
    protected void cutsAnAnswerThatTakesTooLong() throws IOException {
        onlyWhereRoutesApply();
        proxy.updatePolicy(TestPolicies.toApp("to: { app: 100 }, timeout: { request: 400ms }"));
        upstream.answerWith(
                exchange -> {
                    exchange.startChunks(200);
                    exchange.chunk("hello");
                    exchange.awaitPeerGone(Duration.ofSeconds(10));
                });
        RawClient client = client();
        client.write(get("/"));
        BodyReader body = client.body(client.readHead(), "GET");
        assertThatThrownBy(body::readAll).isInstanceOf(CutMessage.class);
    }

    @Test
    protected void doesNotMistakeAFastAnswerForASlowOne() throws IOException {
        onlyWhereRoutesApply();
        proxy.updatePolicy(
                TestPolicies.toApp(
                        "to: { app: 100 }, timeout: { request: 400ms, attempt: 300ms }"));
        RawClient client = client();
        long end = System.nanoTime() + Duration.ofMillis(900).toNanos();
        while (System.nanoTime() < end) {
            assertThat(client.exchange(get("/")).status()).isEqualTo(200);
        }
    }

    @Test
    protected void failsOverWhenAConnectionIsRefused() throws IOException {
        onlyWhereRoutesApply();
        Endpoint refusing = refusing();
        proxy.updateEndpoints(ProxySpec.APP, List.of(refusing, Endpoint.of(upstream)));
        for (int i = 0; i < 20; i++) {
            RawClient client = client();
            assertThat(client.exchange(get("/" + i)).header("X-Echo-Target")).contains("/" + i);
            assertThat(client.exchange(post("hello")).status()).isEqualTo(200);
        }
    }

    @Test
    protected void saysQuicklyThatNobodyAnswers() throws IOException {
        proxy.updateEndpoints(ProxySpec.APP, List.of(refusing(), refusing()));
        RawClient client = client();
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            ProblemDocument.assertIn(client.exchange(get("/")), 503, "upstream");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(1));
        }
        instances(upstream);
        assertThat(client.exchange(get("/")).status()).isEqualTo(200);
    }

    @Test
    protected void saysThatThereIsNoInstance() throws Exception {
        onlyWhereRoutesApply();
        // A new one: a proxy that knew instances may keep those that it can still reach.
        ProxyUnderTest lonely = closing(start(ProxySpec.of(TestPolicies.open())));
        RawClient client = closing(RawClient.connect(lonely.address()));
        ProblemDocument.assertIn(client.exchange(get("/")), 503, "upstream");
    }

    @Test
    protected void recoversWhenTheUpstreamComesBack() throws IOException {
        FaultProxy line = closing(FaultProxy.start(upstream.address()));
        proxy.updateEndpoints(ProxySpec.APP, List.of(Endpoint.of(line.address())));
        RawClient client = client();
        for (int i = 0; i < 5; i++) {
            assertThat(client.exchange(get("/")).status()).isEqualTo(200);
            line.become(new Fault.Reset());
            assertThat(client.exchange(get("/")).status()).isIn(502, 503);
            line.become(new Fault.Refuse());
            assertThat(client.exchange(get("/")).status()).isEqualTo(503);
            line.heal();
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> client.exchange(get("/")).status() == 200);
        }
    }

    @Test
    protected void noticesConnectionsThatTheNetworkClosesAtReuse() throws IOException {
        FaultProxy line = closing(FaultProxy.start(upstream.address()));
        proxy.updateEndpoints(ProxySpec.APP, List.of(Endpoint.of(line.address())));
        line.become(new Fault.CloseOnReuse());
        RawClient client = client();
        for (int i = 0; i < 20; i++) {
            assertThat(client.exchange(get("/" + i)).header("X-Echo-Target")).contains("/" + i);
        }
    }

    /** An instance whose port refuses connections for as long as the test runs. */
    private Endpoint refusing() throws IOException {
        FaultProxy refusing = closing(FaultProxy.start(upstream.address()));
        refusing.become(new Fault.Refuse());
        return Endpoint.of(refusing.address());
    }
}
