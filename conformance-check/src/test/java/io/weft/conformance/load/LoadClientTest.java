// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.fault.Fault;
import io.weft.conformance.fault.FaultProxy;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Script;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadClientTest {

    private RecordingUpstream server;

    @BeforeEach
    void start() throws IOException {
        server = RecordingUpstream.start("v1", Scripts.text(200, "hello"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void keepsItsRate() throws IOException {
        LoadReport report = until(plan(400), 400);

        assertThat(report.failed()).isZero();
        assertThat(report.answered(200)).isEqualTo(report.sent());
        assertThat(report.achievedRate()).isBetween(390.0, 410.0);
        assertThat(server.requests()).hasSize((int) report.sent());
        assertThat(report.percentile(50)).isPositive().isLessThan(Duration.ofMillis(500));
    }

    @Test
    void measuresAStallInEveryRequestItDelayed() throws IOException, InterruptedException {
        CountDownLatch stall = new CountDownLatch(1);
        server.answerWith(
                exchange -> {
                    stall.await();
                    exchange.answer(200, "late");
                });
        try (LoadRun run = LoadClient.start(plan(200))) {
            await().until(() -> run.report().sent() >= 60);
            stall.countDown();
            LoadReport report = run.stop();

            assertThat(report.failed()).isZero();
            assertThat(report.percentile(100)).isGreaterThan(Duration.ofMillis(250));
            assertThat(report.percentile(50)).isGreaterThan(Duration.ofMillis(100));
        }
    }

    @Test
    void givesEachRequestItsNumber() throws IOException {
        LoadPlan numbered =
                plan(200)
                        .withRequests(
                                number ->
                                        Wire.bytes(
                                                Wire.head(
                                                        "GET /" + number + " HTTP/1.1",
                                                        "Host: a")));
        LoadReport report = until(numbered, 20);

        assertThat(server.requests())
                .hasSize((int) report.sent())
                .extracting(RecordedRequest::target)
                .doesNotHaveDuplicates()
                .contains("/0", "/19");
    }

    @Test
    void keepsConnectionsAlive() throws IOException {
        LoadReport report = until(plan(100), 100);

        assertThat(server.accepted()).isLessThan((int) report.sent() / 2);
    }

    @Test
    void sendsNoMoreThanItsConnectionsAllow() throws IOException {
        server.answerWith(Scripts.silence());
        LoadPlan plan = plan(500).withConnections(5).withTimeout(Duration.ofMillis(500));
        LoadReport report = until(plan, 50);

        assertThat(report.failed(FailureKind.TIMEOUT)).isGreaterThanOrEqualTo(5);
        assertThat(report.failed(FailureKind.SATURATED)).isGreaterThanOrEqualTo(40);
        assertThat(report.failed()).isEqualTo(report.sent());
    }

    @Test
    void tellsAnswersByStatus() throws IOException {
        server.answerWith(exchange -> exchange.answer(exchange.ordinal() % 2 == 0 ? 503 : 200, ""));
        LoadReport report = until(plan(100).withConnections(1), 20);

        assertThat(report.answered(200)).isBetween(1L, report.answered(503) + 1);
        assertThat(report.failed()).isEqualTo(report.failed(FailureKind.SATURATED));
    }

    @Test
    void understandsEveryFraming() throws IOException {
        Script[] framings = {
            Scripts.raw("HTTP/1.1 204 No Content\r\n\r\n"),
            exchange -> {
                exchange.write("HTTP/1.1 100 Continue\r\n\r\n");
                exchange.startChunks(200);
                exchange.chunk("hel");
                exchange.chunk("lo");
                exchange.endChunks("X-Sum: 1");
            },
            Scripts.rawThenClose("HTTP/1.1 200 OK\r\n\r\nhello"),
        };
        for (Script framing : framings) {
            server.answerWith(framing);
            LoadReport report = until(plan(200), 10);
            assertThat(report.failed()).as(report.toString()).isZero();
        }
    }

    @Test
    void tellsFailuresApart() throws IOException {
        assertThat(only(Scripts.rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel")))
                .isEqualTo(FailureKind.CUT);
        assertThat(only(Scripts.rawThenReset(""))).isEqualTo(FailureKind.RESET);
        assertThat(only(Scripts.rawThenClose("SSH-2.0\r\n\r\n"))).isEqualTo(FailureKind.MALFORMED);
        assertThat(only(Scripts.silence())).isEqualTo(FailureKind.TIMEOUT);
        server.close();
        // A connection that the system had accepted already is none that was refused.
        await().untilAsserted(
                        () -> assertThat(only(Scripts.silence())).isEqualTo(FailureKind.CONNECT));
    }

    @Test
    void tellsStaleConnectionsFromLostRequests() throws IOException {
        server.answerWith(Scripts.closingOnReuse(Scripts.text(200, "")));
        try (LoadRun run = LoadClient.start(plan(200))) {
            await().until(() -> run.report().failed(FailureKind.STALE) > 0);
            LoadReport report = run.stop();

            assertThat(report.failed(FailureKind.STALE)).isEqualTo(report.failed());
            assertThat(report.answered(200)).isPositive();
        }
    }

    @Test
    void showsEveryAnswerToItsListener() throws IOException {
        HeaderCounts versions = new HeaderCounts("X-Upstream");
        try (LoadRun run = LoadClient.start(plan(200), versions)) {
            await().until(() -> run.report().answered() >= 20);
            LoadReport report = run.stop();
            assertThat(versions.counts()).containsOnly(Map.entry("v1", report.sent()));
        }
    }

    @Test
    void goesOnWhenTheServerIsGoneForAWhile() throws IOException {
        try (FaultProxy proxy = FaultProxy.start(server.address());
                LoadRun run =
                        LoadClient.start(LoadPlan.get(proxy.address(), 200, "/", "Host: a.test"))) {
            await().until(() -> run.report().answered() >= 10);
            proxy.become(new Fault.Reset());
            await().until(() -> run.report().failed() >= 10);
            proxy.heal();
            long before = run.report().answered();
            await().until(() -> run.report().answered() >= before + 10);
        }
    }

    @Test
    void readsItsCommandLine() {
        LoadCommand command =
                LoadCommand.parse(
                        "http://127.0.0.1:8080/orders?x=1",
                        "--rate",
                        "100",
                        "--for",
                        "1.5",
                        "--method",
                        "POST",
                        "--header",
                        "Host: shop",
                        "--body",
                        "hello",
                        "--count",
                        "X-Upstream");

        assertThat(command.duration()).isEqualTo(Duration.ofMillis(1500));
        assertThat(command.plan().rate()).isEqualTo(100);
        assertThat(command.plan().requests().apply(0))
                .asString()
                .isEqualTo(
                        "POST /orders?x=1 HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nhello");
    }

    private FailureKind only(Script script) throws IOException {
        server.answerWith(script);
        LoadReport report = until(plan(200).withTimeout(Duration.ofMillis(300)), 10);
        assertThat(report.failures()).as(report.toString()).hasSize(1);
        assertThat(report.samples()).hasSize(3);
        return report.failures().firstKey();
    }

    private LoadPlan plan(double rate) {
        return LoadPlan.get(server.address(), rate, "/", "Host: a.test");
    }

    private static LoadReport until(LoadPlan plan, long sent) throws IOException {
        try (LoadRun run = LoadClient.start(plan)) {
            await().pollInterval(5, TimeUnit.MILLISECONDS).until(() -> run.report().sent() >= sent);
            return run.stop();
        }
    }
}
