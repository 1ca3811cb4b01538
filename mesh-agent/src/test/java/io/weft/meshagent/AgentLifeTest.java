// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.tls.TestAuthority;
import io.weft.dataplane.server.Listener;
import io.weft.meshagent.settings.SettingsReader;
import io.weft.meshagent.settings.SettingsReader.InvalidSettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent from its start to its end, as those see it who run it. */
class AgentLifeTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newHttpClient();
    private final TestLog log = TestLog.start();

    @TempDir private Path state;

    @AfterEach
    void end() {
        client.close();
        log.close();
    }

    private AgentAssembly start(String... more) throws InvalidSettingsException {
        var arguments = new ArrayList<>(List.of(more));
        arguments.add("--weft.agent.name=orders");
        arguments.add("--weft.agent.state-dir=" + state);
        arguments.add("--weft.agent.control-plane=https://127.0.0.1:1");
        arguments.add("--weft.agent.drain.delay=10ms");
        for (String listener : List.of("inbound", "outbound", "admin", "health")) {
            arguments.add("--weft.agent." + listener + ".address=127.0.0.1");
            arguments.add("--weft.agent." + listener + ".port=0");
        }
        return AgentAssembly.start(SettingsReader.read(arguments.toArray(String[]::new)).agent());
    }

    private HttpResponse<String> ask(
            AgentAssembly agent, String listener, String method, String path) throws IOException {
        int port = agent.listener(listener).address().getPort();
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .method(method, BodyPublishers.noBody())
                        .build();
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private HttpResponse<String> health(AgentAssembly agent, String path) throws IOException {
        return ask(agent, "health", "GET", path);
    }

    @Test
    void isAliveAtOnceAndSaysWhatItWaitsFor() throws Exception {
        try (AgentAssembly agent = start("--weft.agent.app.port=1")) {
            assertThat(health(agent, "/live").statusCode()).isEqualTo(200);
            HttpResponse<String> ready = health(agent, "/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body())
                    .contains(
                            "\"policy\":\"none\"",
                            "\"app\":\"not accepting\"",
                            "\"identity\":\"none\"",
                            "\"valid\":false");
            assertThat(health(agent, "/metrics").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void takesTheIdentityThatWasKept() throws Exception {
        TestAuthority authority = TestAuthority.create("shop.example");
        authority.workload("orders").keepIn(state.resolve("identity"), authority.bundle());
        try (AgentAssembly agent = start("--weft.agent.app.port=1")) {
            assertThat(health(agent, "/ready").body())
                    .contains(
                            "\"identity\":\"spiffe://shop.example/ns/default/svc/orders\"",
                            "\"valid\":true");
            assertThat(health(agent, "/metrics").body())
                    .contains("weft_certificate_expiry_timestamp_seconds{identity=\"spiffe://");
        }
    }

    @Test
    void takesNoIdentityOfAnotherWorkload() throws Exception {
        TestAuthority authority = TestAuthority.create("shop.example");
        authority.workload("cart").keepIn(state.resolve("identity"), authority.bundle());
        try (AgentAssembly agent = start("--weft.agent.app.port=1")) {
            assertThat(health(agent, "/ready").body()).contains("\"identity\":\"none\"");
        }
    }

    @Test
    void noticesThatItsApplicationAcceptsAndThatItHasGone() throws Exception {
        var app = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try (AgentAssembly agent = start("--weft.agent.app.port=" + app.getLocalPort())) {
            try (app) {
                awaitReady(agent, "\"app\":\"accepting\"");
            }
            awaitReady(agent, "\"app\":\"not accepting\"");
        }
    }

    private void awaitReady(AgentAssembly agent, String text) {
        await().atMost(SOON).until(() -> health(agent, "/ready").body().contains(text));
    }

    @Test
    void explainsItsRefusalsByTheirId() throws Exception {
        try (AgentAssembly agent = start()) {
            HttpResponse<String> refused = ask(agent, "outbound", "GET", "/");
            assertThat(refused.statusCode()).isEqualTo(503);
            String decision = refused.headers().firstValue("x-weft-decision").orElseThrow();

            assertThat(ask(agent, "admin", "GET", "/explain?decision=" + decision).body())
                    .contains(decision);
            assertThat(ask(agent, "admin", "GET", "/explain?decision=none").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void endsInPeaceAlsoWhenItIsClosedTwice() throws Exception {
        AgentAssembly agent = start("--weft.agent.app.port=1");
        assertThat(ask(agent, "admin", "POST", "/drain").statusCode()).isEqualTo(202);
        assertThat(health(agent, "/ready").body()).contains("\"draining\":true");

        agent.drain().block(SOON);
        agent.close();

        assertThat(log.lines())
                .noneMatch(line -> line.contains("Exception"))
                .noneMatch(line -> line.contains("SEVERE"));
    }

    @Test
    void aBusyPortIsOneLine() throws Exception {
        try (var busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = "--weft.agent.outbound.port=" + busy.getLocalPort();
            var arguments =
                    new String[] {
                        "--weft.agent.name=orders", "--weft.agent.state-dir=" + state, port
                    };
            var settings = SettingsReader.read(arguments).agent();

            assertThatExceptionOfType(Listener.ListenException.class)
                    .isThrownBy(() -> AgentAssembly.start(settings))
                    .withMessageContaining("outbound")
                    .withMessageContaining(String.valueOf(busy.getLocalPort()));
        }
    }
}
