// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.load.FailureKind;
import io.weft.conformance.load.LoadClient;
import io.weft.conformance.load.LoadPlan;
import io.weft.conformance.load.LoadReport;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of a gateway: the context closes as it does on SIGTERM. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class DrainTest {

    private RecordingUpstream service;

    @BeforeEach
    void startService() throws IOException {
        service = RecordingUpstream.start();
    }

    @AfterEach
    void stopService() throws IOException {
        service.close();
    }

    private RunningGateway start(Map<String, String> settings) throws IOException {
        RunningGateway gateway = RunningGateway.start(GatewayApplication.class, settings);
        gateway.policy(EdgePolicies.publicBelowApp());
        gateway.endpoints("app", List.of(new RunningGateway.Endpoint(service.address(), Map.of())));
        return gateway;
    }

    @Test
    void losesNoRequestThatReachedAService() throws IOException {
        service.answerWith(
                exchange -> {
                    exchange.readBody();
                    TimeUnit.MILLISECONDS.sleep(50);
                    exchange.answer(200, "done");
                });
        RunningGateway gateway = start(Map.of());
        LoadReport report;
        var plan = LoadPlan.get(gateway.address(), 200, "/app/x", "Host: a.test");
        try (gateway;
                var load = LoadClient.start(plan)) {
            await().until(() -> load.report().answered(200) > 200);
            gateway.close();
            report = load.stop();
        }

        // Connections that were not made any more, or ended before a request was read from them.
        assertThat(report.failures().keySet())
                .as("%s", report)
                .isSubsetOf(FailureKind.CONNECT, FailureKind.STALE, FailureKind.RESET);
        assertThat(report.answered()).isEqualTo(report.answered(200));
        assertThat(service.requests().stream().filter(RecordedRequest::complete).count())
                .isEqualTo(report.answered(200));
    }

    @Test
    void ceasesToBeReadyBeforeItCeasesToAccept() throws Exception {
        try (RunningGateway gateway = start(Map.of("weft.gateway.drain.delay", "2s"))) {
            InetSocketAddress management = gateway.managementAddress();
            InetSocketAddress edge = gateway.address();
            assertThat(status(management, "/actuator/health/readiness")).isEqualTo(200);

            CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::close);
            await().until(() -> status(management, "/actuator/health/readiness") == 503);
            assertThat(status(edge, "/app/x")).isEqualTo(200);
            closed.get(20, TimeUnit.SECONDS);
        }
    }

    private static int status(InetSocketAddress server, String target) throws IOException {
        try (var client = RawClient.connect(server)) {
            return client.exchange("GET " + target + " HTTP/1.1\r\nHost: a.test\r\n\r\n").status();
        }
    }

    @Test
    void finishesStreamsOfHttp2(@TempDir Path directory) throws Exception {
        TlsIdentity identity = TlsIdentity.create(directory);
        var settings = new HashMap<String, String>();
        settings.put("server.http2.enabled", "true");
        settings.put("server.ssl.key-store", identity.store().toString());
        settings.put("server.ssl.key-store-password", TlsIdentity.PASSWORD);
        var reached = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        service.answerWith(
                exchange -> {
                    exchange.readBody();
                    reached.countDown();
                    release.await();
                    exchange.answer(200, "done");
                });
        try (RunningGateway gateway = start(settings)) {
            HttpClient client =
                    HttpClient.newBuilder().sslContext(identity.trustingClient()).build();
            URI uri = URI.create("https://localhost:" + gateway.address().getPort() + "/app/x");
            CompletableFuture<HttpResponse<String>> response =
                    client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Void> closed = CompletableFuture.runAsync(gateway::close);
            await().until(
                            () ->
                                    gateway.log().stream()
                                            .anyMatch(l -> l.contains("draining 1 connections")));
            release.countDown();

            assertThat(response.get(10, TimeUnit.SECONDS).version())
                    .isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.get().body()).isEqualTo("done");
            closed.get(20, TimeUnit.SECONDS);
            client.shutdownNow();
        }
    }
}
