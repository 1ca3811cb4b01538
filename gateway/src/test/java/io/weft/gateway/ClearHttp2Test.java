// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordingUpstream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP/2 without TLS is not spoken, also where Spring would offer it: HTTP/1.1 goes on. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class ClearHttp2Test {

    private static RecordingUpstream service;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        service = RecordingUpstream.start();
        gateway =
                RunningGateway.start(
                        GatewayApplication.class, Map.of("server.http2.enabled", "true"));
        gateway.policy(EdgePolicies.publicBelowApp());
        gateway.endpoints("app", List.of(new RunningGateway.Endpoint(service.address(), Map.of())));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        service.close();
    }

    @Test
    void ignoresTheOfferToSwitch() throws IOException {
        String offer =
                """
                GET /app/x HTTP/1.1\r
                Host: a.test\r
                Connection: Upgrade, HTTP2-Settings\r
                Upgrade: h2c\r
                HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r
                \r
                """;
        try (var client = RawClient.connect(gateway.address())) {
            for (int i = 0; i < 2; i++) {
                RawResponse response = client.exchange(offer);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.interim()).isEmpty();
            }
        }
        assertThat(service.requests()).hasSize(2).allMatch(it -> it.departures().isEmpty());
    }

    @Test
    void refusesItsPreface() throws IOException {
        try (var client = RawClient.connect(gateway.address())) {
            RawResponse response = client.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertThat(response.status()).isBetween(400, 599);
            assertThat(response.head().keepsConnection()).isFalse();
        }
    }
}
