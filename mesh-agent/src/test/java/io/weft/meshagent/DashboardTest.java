// SPDX-License-Identifier: Apache-2.0
package io.weft.meshagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.meshagent.settings.SettingsReader;
import io.weft.policy.compile.Compilation;
import io.weft.policy.compile.Good;
import io.weft.policy.compile.PolicyCompiler;
import io.weft.policy.compile.PolicyText;
import io.weft.policy.request.Plane;
import io.weft.policy.snapshot.PolicySnapshot;
import io.weft.policy.snapshot.PolicyVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the dashboard of traffic asks for nothing that a proxy does not tell. */
class DashboardTest {

    private static final Path DASHBOARD = Path.of("..", "dashboards", "traffic.json");

    private static final Pattern METRIC = Pattern.compile("weft_\\w+");
    private static final Pattern GROUPED = Pattern.compile("by \\(([^)]*)\\)");
    private static final Pattern SELECTED = Pattern.compile("[{,]\\s*(\\w+)(?:=~|!=|=)\\\\\"");

    /** Labels that Prometheus or a histogram adds. */
    private static final Set<String> ADDED = Set.of("instance", "le");

    @TempDir private Path state;
    private AgentAssembly agent;
    private String dashboard;

    @BeforeEach
    void start() throws IOException, SettingsReader.InvalidSettingsException {
        dashboard = Files.readString(DASHBOARD);
        var arguments =
                Stream.concat(
                        Stream.of(
                                "--weft.agent.name=orders",
                                "--weft.agent.state-dir=" + state,
                                "--weft.agent.control-plane=https://127.0.0.1:1",
                                "--weft.agent.app.port=1",
                                "--weft.agent.inbound.address=127.0.0.1",
                                "--weft.agent.health.address=127.0.0.1"),
                        Stream.of("inbound", "outbound", "admin", "health")
                                .map(listener -> "--weft.agent." + listener + ".port=0"));
        agent = AgentAssembly.start(SettingsReader.read(arguments.toArray(String[]::new)).agent());
        agent.routing().policy(policy());
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void asksForMetricsAndLabelsThatExist() throws IOException, InterruptedException {
        String metrics = metricsAfterOneRefusal();

        assertThat(found(METRIC, 0))
                .hasSizeGreaterThan(3)
                .allSatisfy(metric -> assertThat(metrics).contains("\n" + metric + "{"));
        assertThat(labels())
                .contains("destination", "flag", "version")
                .allSatisfy(label -> assertThat(metrics).containsPattern("[{,]" + label + "=\""));
    }

    private String metricsAfterOneRefusal() throws IOException, InterruptedException {
        InetSocketAddress inbound = agent.listener("inbound").address();
        try (HttpClient caller = HttpClient.newBuilder().proxy(ProxySelector.of(inbound)).build();
                HttpClient prometheus = HttpClient.newHttpClient()) {
            assertThat(caller.send(get("http://orders/"), BodyHandlers.discarding()).statusCode())
                    .isEqualTo(403);
            int port = agent.listener("health").address().getPort();
            String metrics = "http://127.0.0.1:" + port + "/metrics";
            return prometheus.send(get(metrics), BodyHandlers.ofString()).body();
        }
    }

    private static HttpRequest get(String uri) {
        return HttpRequest.newBuilder(URI.create(uri)).build();
    }

    private Set<String> labels() {
        Set<String> labels = found(SELECTED, 1);
        for (String list : found(GROUPED, 1)) {
            labels.addAll(List.of(list.split(", ")));
        }
        labels.removeAll(ADDED);
        return labels;
    }

    private Set<String> found(Pattern pattern, int group) {
        var found = new TreeSet<String>();
        pattern.matcher(dashboard).results().map(each -> text(each, group)).forEach(found::add);
        return found;
    }

    private static String text(MatchResult result, int group) {
        return result.group(group);
    }

    private static PolicySnapshot policy() {
        Compilation compilation =
                PolicyCompiler.compile(
                        List.of(
                                new PolicyText(
                                        "test.yml",
                                        "weft: { services: { orders: { mtls: permissive } } }")),
                        List.of(),
                        Good.NONE);
        return PolicySnapshot.compile(
                Plane.MESH,
                new PolicyVersion(1, 1, "0000000000000000"),
                compilation.good().objects());
    }
}
