// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import io.weft.conformance.tls.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What applications learn of visitors: what the edge says, and nobody else. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BehindEdgeTest {

    private static final TestAuthority AUTHORITY = TestAuthority.create("weft.local");

    private static RecordingUpstream application;
    private static TestMesh mesh;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        application = RecordingUpstream.start("application", Scripts.echo());
        mesh =
                TestMesh.start(
                        AUTHORITY,
                        directory,
                        List.of("orders", "storefront"),
                        application.address());
        mesh.policy(
                """
                weft:
                  services: { orders: { mtls: permissive }, storefront: }
                  access:
                    anyone: { to: { services: [orders] }, user: anyone, effect: allow }
                """);
    }

    @AfterAll
    static void stop() throws IOException {
        mesh.close();
        application.close();
        assertThat(application.failures()).isEmpty();
    }

    @BeforeEach
    void forget() {
        application.forget();
    }

    private static RecordedRequest sent(RawClient client) throws IOException {
        try (client) {
            client.exchange(
                    Wire.head(
                            "GET /x HTTP/1.1",
                            "Host: orders",
                            "X-Forwarded-For: 192.0.2.7",
                            "X-Forwarded-Proto: https",
                            "X-Forwarded-Host: shop.example",
                            "X-Forwarded-Port: 1",
                            "Forwarded: for=192.0.2.7"));
        }
        assertThat(application.requests()).hasSize(1);
        assertThat(application.requests().getFirst().departures()).isEmpty();
        return application.requests().getFirst();
    }

    private static RawClient as(String workload) throws IOException {
        return RawClient.connect(
                mesh.identity(workload), InetAddress.getLoopbackAddress(), mesh.inbound("orders"));
    }

    @Test
    void passesOnWhatTheEdgeSays() throws IOException {
        RecordedRequest request = sent(as("gateway"));
        assertThat(request.header("x-forwarded-for")).hasValue("192.0.2.7");
        assertThat(request.header("x-forwarded-proto")).hasValue("https");
        assertThat(request.header("x-forwarded-host")).hasValue("shop.example");
        assertThat(request.header("x-forwarded-port")).isEmpty();
        assertThat(request.header("forwarded")).isEmpty();
    }

    @Test
    void believesNobodyElse() throws IOException {
        assertStranger(sent(as("storefront")));
        forget();
        assertStranger(
                sent(RawClient.connect(InetAddress.getLoopbackAddress(), mesh.inbound("orders"))));
    }

    private static void assertStranger(RecordedRequest request) {
        assertThat(request.header("x-forwarded-for")).hasValue("127.0.0.1");
        assertThat(request.header("x-forwarded-proto")).hasValue("http");
        assertThat(request.header("x-forwarded-host")).isEmpty();
    }
}
