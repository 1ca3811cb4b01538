// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.policy.feed.FeedCodec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The management port: what it shows, and that it shows nothing else. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ManagementTest {

    private static final Pattern SAMPLE =
            Pattern.compile(
                    "([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{.*})?) (-?[0-9.]+(?:E-?[0-9]+)?|NaN|[+-]Inf)");

    private static RecordingUpstream service;
    private static RunningGateway gateway;

    @BeforeAll
    static void start(@TempDir Path state) throws IOException {
        service = RecordingUpstream.start();
        Files.writeString(
                state.resolve("policy.json"),
                FeedCodec.write(EdgePolicies.snapshot(service.address())) + "\n");
        gateway =
                RunningGateway.start(
                        GatewayApplication.class,
                        Map.of("weft.gateway.state-dir", state.toString()));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        service.close();
    }

    private static RawResponse get(InetSocketAddress from, String target) throws IOException {
        try (var client = RawClient.connect(from)) {
            return client.exchange("GET " + target + " HTTP/1.1\r\nHost: a.test\r\n\r\n");
        }
    }

    private static RawResponse manage(RunningGateway gateway, String target) throws IOException {
        return get(gateway.managementAddress(), "/actuator/" + target);
    }

    @Test
    void servesThePolicyOnDiskWithoutAControlPlane() throws IOException {
        await().until(() -> manage(gateway, "health/readiness").status() == 200);

        assertThat(get(gateway.address(), "/app/x").status()).isEqualTo(200);
        assertThat(manage(gateway, "health").text())
                .contains("\"version\":\"1.7\"")
                .contains("\"control-plane\":\"away: stale\"");
    }

    @Test
    void isNotReadyWithoutAPolicy() throws IOException {
        try (var bare = RunningGateway.start(GatewayApplication.class, Map.of())) {
            assertThat(manage(bare, "health/readiness").status()).isEqualTo(503);
            assertThat(manage(bare, "health").status()).isEqualTo(503);
            assertThat(manage(bare, "health/liveness").status()).isEqualTo(200);
            Problems.assertIn(get(bare.address(), "/app/x"), 503, "overload");

            bare.policy(EdgePolicies.publicBelowApp());
            assertThat(manage(bare, "health/readiness").status()).isEqualTo(200);
            Problems.assertIn(get(bare.address(), "/app/x"), 503, "upstream");
        }
    }

    @Test
    void isReachedByItsOwnPortOnly() throws IOException {
        await().until(() -> manage(gateway, "health/readiness").status() == 200);

        Problems.assertIn(get(gateway.address(), "/actuator/health"), 404, "no-route");
        assertThat(get(gateway.managementAddress(), "/app/x").status()).isEqualTo(404);
    }

    @Test
    void showsTheEnginesCountersAndSpringsInOneExposition() throws IOException {
        await().until(() -> manage(gateway, "health/readiness").status() == 200);
        get(gateway.address(), "/app/counted");
        get(gateway.address(), "/app/denied/x");

        await().untilAsserted(
                        () ->
                                assertThat(manage(gateway, "prometheus").text())
                                        .containsPattern("weft_requests_total\\{[^\n]*code=\"403\"")
                                        .containsPattern("weft_requests_total\\{[^\n]*code=\"200\"")
                                        .contains("weft_request_duration_seconds_bucket{")
                                        .contains("weft_decisions_total{")
                                        .contains("weft_policy_version_info{")
                                        .contains("jvm_memory_used_bytes{")
                                        .contains("http_server_requests_seconds_count{"));
        assertValid(manage(gateway, "prometheus").text().lines().toList());
    }

    private static void assertValid(List<String> lines) {
        var series = new HashSet<String>();
        var types = new HashSet<String>();
        for (String line : lines) {
            if (line.startsWith("# TYPE ")) {
                assertThat(types.add(line.split(" ", 4)[2])).as(line).isTrue();
            } else if (!line.startsWith("#")) {
                var sample = SAMPLE.matcher(line);
                assertThat(sample.matches()).as(line).isTrue();
                assertThat(series.add(sample.group(1))).as(line).isTrue();
            }
        }
        assertThat(series).isNotEmpty();
    }
}
