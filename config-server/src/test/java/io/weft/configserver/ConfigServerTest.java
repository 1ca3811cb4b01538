// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.configserver.fixture.FeedClient;
import io.weft.configserver.fixture.RunningServer;
import io.weft.configserver.fixture.TestPolicies;
import io.weft.policy.feed.FeedMessage.Acknowledge;
import io.weft.policy.feed.FeedMessage.Delta;
import io.weft.policy.feed.FeedMessage.Register;
import io.weft.policy.feed.FeedMessage.Snapshot;
import io.weft.policy.feed.Instance;
import io.weft.policy.identity.ServiceName;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server with its default backend, over its sockets. */
class ConfigServerTest {

    private static final String YAML = "application/yaml";

    private static final String SECRET = "never-to-be-served";

    @TempDir static Path directory;
    private static Path policy;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        policy = Files.createDirectories(directory.resolve("policy"));
        Files.writeString(policy.resolve("shop.yml"), TestPolicies.ordersSplit(95, 5));
        Files.writeString(policy.resolve("application.yml"), "common: yes-for-all\n");
        Files.writeString(policy.resolve("catalog.yml"), "greeting: hello\n");
        Files.writeString(policy.resolve("catalog-prod.yml"), "greeting: good day\n");
        Files.writeString(policy.resolve("catalog.txt"), "plain ${greeting}");
        Files.createDirectories(policy.resolve("team-a"));
        Files.writeString(policy.resolve("team-a/pay.yml"), "team: a\n");
        Files.createDirectories(policy.resolve(".git"));
        Files.writeString(policy.resolve(".git/config"), SECRET);
        Files.writeString(directory.resolve("secret.yml"), "secret: " + SECRET + "\n");
        Files.writeString(directory.resolve("secret.txt"), SECRET);
        server =
                RunningServer.start(
                        directory.resolve("state"),
                        "--spring.cloud.config.server.native.search-locations=file:" + policy,
                        "--weft.control-plane.registry.static.orders[0].host=10.0.0.9",
                        "--weft.control-plane.registry.static.orders[0].port=80",
                        "--weft.control-plane.registry.static.orders[0].labels.version=v1");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void asItWas() throws Exception {
        Files.writeString(policy.resolve("shop.yml"), TestPolicies.ordersSplit(95, 5));
        server.post("/api/policy/refresh", YAML, "");
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asString).toList();
    }

    // The API.

    @Test
    void showsThePolicyInItsOwnSyntax() throws Exception {
        JsonNode shown = server.getJson("/api/policy");

        assertThat(shown.path("trust-domain").asString()).isEqualTo("shop.example");
        assertThat(shown.at("/objects/routes/orders/rules/all/to/orders~1v1").asInt())
                .isEqualTo(95);
        assertThat(shown.at("/documents/routes~1orders").asString()).isEqualTo("shop.yml");
        assertThat(shown.at("/version/hash").asString()).hasSize(16);
        assertThat(shown.path("problems")).isEmpty();
    }

    @Test
    void showsWhoRunsWhat() throws Exception {
        try (var agent = FeedClient.agent(server.feedPort(), "orders-1", "orders")) {
            Snapshot snapshot = agent.next(Snapshot.class);
            var orders = ServiceName.parse("orders");
            assertThat(snapshot.endpoints().get(orders))
                    .extracting(Instance::id)
                    .containsExactly("static/orders/10.0.0.9:80");
            var labels = new TreeMap<>(Map.of("version", "v1"));
            agent.say(new Register(new Instance("orders-1", orders, labels, "127.0.0.1", 7001)));
            agent.say(new Acknowledge(snapshot.version()));
            await().until(
                            () ->
                                    server.getJson("/api/policy/status")
                                            .at("/subscribers/0/state")
                                            .asString()
                                            .equals("current"));

            JsonNode status = server.getJson("/api/policy/status");
            assertThat(status.at("/subscribers/0/proxy").asString()).isEqualTo("orders-1");
            assertThat(status.at("/subscribers/0/plane").asString()).isEqualTo("mesh");
            assertThat(status.at("/subscribers/0/version/text").asString())
                    .isEqualTo(snapshot.version().toString());
            assertThat(status.at("/subscribers/0/address").asString()).startsWith("127.0.0.1:");
            assertThat(status.at("/instances/0/id").asString()).isEqualTo("orders-1");
            assertThat(status.at("/instances/0/kept-by").asString()).isEqualTo("stream");
            assertThat(status.at("/instances/1/kept-by").asString()).isEqualTo("settings");
        }
        await().until(() -> server.getJson("/api/policy/status").path("subscribers").isEmpty());
    }

    @Test
    void editIsInForceAtOnce() throws Exception {
        try (var agent = FeedClient.agent(server.feedPort(), "orders-1", "orders")) {
            agent.next(Snapshot.class);
            Files.writeString(policy.resolve("shop.yml"), TestPolicies.ordersSplit(50, 50));

            assertThat(agent.next(Delta.class).changed()).hasSize(1);
        }
    }

    @Test
    void mistakeIsReportedWithItsPlace() throws Exception {
        String broken =
                TestPolicies.ordersSplit(95, 5).replace("to: { orders/v1", "to: { ordres/v1");
        Files.writeString(policy.resolve("shop.yml"), broken);
        JsonNode refreshed = server.postJson("/api/policy/refresh", YAML, "");

        JsonNode problem = refreshed.path("problems").path(0);
        assertThat(problem.path("file").asString()).isEqualTo("shop.yml");
        assertThat(problem.path("line").asInt()).isEqualTo(10);
        assertThat(problem.path("value").asString()).isEqualTo("ordres/v1");
        assertThat(problem.path("suggestion").asString()).startsWith("orders");
        assertThat(texts(server.getJson("/api/policy/status").path("kept")))
                .containsExactly("routes/orders");
    }

    @Test
    void tellsWhatIsInVainAndPublishesIt() throws Exception {
        String inVain =
                """
                weft:
                  routes:
                    again: { at: mesh, hosts: [a.test], rules: { a: { to: { orders: 1 } }, b: { to: { orders: 1 } } } }
                """;
        JsonNode check = server.postJson("/api/policy/check?file=again.yml", YAML, inVain);
        assertThat(check.path("sound").asBoolean()).isTrue();
        assertInVain(check);

        Files.writeString(policy.resolve("again.yml"), inVain);
        assertInVain(server.postJson("/api/policy/refresh", YAML, ""));
        assertInVain(server.getJson("/api/policy/status"));
        assertInVain(server.getJson("/api/policy"));
        assertThat(server.getJson("/api/policy").at("/objects/routes").propertyNames())
                .containsExactly("again", "orders");
        assertThat(server.getJson("/api/policy/status").path("kept")).isEmpty();
    }

    private static void assertInVain(JsonNode answer) {
        assertThat(answer.path("problems")).isEmpty();
        JsonNode warning = answer.path("warnings").path(0);
        assertThat(warning.path("file").asString()).isEqualTo("again.yml");
        assertThat(warning.path("line").asInt()).isEqualTo(3);
        assertThat(warning.path("path").asString()).isEqualTo("weft.routes.again.rules.b");
        assertThat(warning.path("message").asString()).contains("never chosen", "again/a");
    }

    @Test
    void checksACandidate() throws Exception {
        JsonNode sound =
                server.postJson(
                        "/api/policy/check?file=shop.yml", YAML, TestPolicies.ordersSplit(10, 90));
        assertThat(sound.path("sound").asBoolean()).isTrue();
        assertThat(texts(sound.at("/changes/changed"))).containsExactly("routes/orders");

        JsonNode unsound =
                server.postJson(
                        "/api/policy/check?file=new%20one.yml",
                        "application/x-www-form-urlencoded",
                        "weft: { routes: { x: { rule: 1 } } }");
        assertThat(unsound.path("sound").asBoolean()).isFalse();
        assertThat(unsound.at("/problems/0/file").asString()).isEqualTo("new one.yml");
        assertThat(server.getJson("/api/policy").at("/objects/routes").propertyNames())
                .containsExactly("orders");
    }

    @Test
    void checksSeveralDocumentsTogether() throws Exception {
        String body =
                JsonMapper.builder()
                        .build()
                        .writeValueAsString(
                                Map.of(
                                        "files",
                                        Map.of(
                                                "payments.yml",
                                                TestPolicies.services("payments"),
                                                "access.yml",
                                                """
                                                        weft:
                                                          access:
                                                            pay:
                                                              to: { services: [payments] }
                                                              from: { workloads: [orders] }
                                                              effect: allow
                                                        """)));
        JsonNode check = server.postJson("/api/policy/check", "application/json", body);

        assertThat(texts(check.path("problems"))).isEmpty();
        assertThat(texts(check.at("/changes/added")))
                .containsExactly("services/payments", "access/pay");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weft: !!javax.script.ScriptEngineManager [x]",
                "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nweft: *b",
                "weft: { services: { a: {protocol: 1}, a: {} } }",
                "weft:\n\t- tab",
                "\u0000",
            })
    void hostileCandidateIsOnlyUnsound(String yaml) throws Exception {
        HttpResponse<String> answer = server.post("/api/policy/check", "text/plain", yaml);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(RunningServer.json(answer).path("sound").asBoolean()).isFalse();
    }

    @Test
    void refusesWhatItCannotServe() throws Exception {
        for (HttpResponse<String> refused :
                List.of(
                        server.post("/api/policy/check", "application/json", "{\"files\":"),
                        server.post("/api/policy/check", "application/json", "{}"),
                        server.post("/api/policy/publish", YAML, ""),
                        server.get("/api/policy/no-such"))) {
            assertThat(refused.statusCode()).isBetween(400, 404);
            assertThat(refused.headers().firstValue("Content-Type").orElse(""))
                    .startsWith("application/problem+json");
            assertThat(refused.body()).doesNotContain("Exception").doesNotContain("\tat ");
        }
        assertThat(server.post("/api/policy/publish?intended=x", YAML, "").statusCode())
                .isEqualTo(409);
        assertThat(server.get("/api/policy/check").statusCode()).isEqualTo(405);
        assertThat(server.post("/api/policy/check", YAML, "#".repeat((16 << 20) + 1)).statusCode())
                .isEqualTo(413);
    }

    // Ordinary clients.

    @Test
    void servesOrdinaryConfiguration() throws Exception {
        JsonNode fetched = server.getJson("/config/catalog/prod");
        assertThat(fetched.path("name").asString()).isEqualTo("catalog");
        assertThat(fetched.at("/propertySources/0/source/greeting").asString())
                .isEqualTo("good day");
        assertThat(fetched.path("propertySources")).hasSize(3);

        assertThat(server.get("/config/catalog-prod.yml").body())
                .contains("greeting: good day")
                .contains("common: yes-for-all");
        assertThat(server.get("/config/catalog-default.properties").body())
                .contains("greeting: hello");
        assertThat(server.get("/config/catalog/default/main/catalog.txt").body())
                .isEqualTo("plain hello");
        assertThat(server.get("/config/team-a(_)pay/default").body()).contains("\"team\":\"a\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/config/app/..%2f..%2fetc%2fpasswd/main",
                "/config/app/default/..%2fsecret.yml",
                "/config/app/../../secret",
                "/config/app/default/main/../../../secret.txt",
                "/config/app/default/main/..%2f..%2fsecret.txt",
                "/config/app/default/main/..%252f..%252fsecret.txt",
                "/config/app/default/main/%2e%2e/secret.txt",
                "/config/app/default/main/..\\secret.txt",
                "/config/app/default/main/..%5csecret.txt",
                "/config/app/default/main/....//secret.txt",
                "/config/app/default/main/.git/config",
                "/config/app/default/main/..;/secret.txt",
                "/config/app/default/main/%00/secret.txt",
                "/config/secret/default/(_)..(_)..",
                "/config/secret/default/(_)..(_)",
                "/config/secret/default/..",
                "/config/secret/default/..(_)",
                "/config/secret/default/%2e%2e(_)",
                "/config/secret/default/%252e%252e",
                "/config/..(_)secret/default",
                "/config/..%28_%29secret/default",
                "/config/app/..(_)secret",
                "/config/app/../../x",
                "/config/app/http:%2f%2f169.254.169.254",
                "/config/app/http://169.254.169.254",
                "/config/app/http:(_)(_)169.254.169.254",
                "/config/http:(_)(_)169.254.169.254/default",
                "/config/app/default/http:(_)(_)169.254.169.254(_)",
                "/config/app/default/file:(_)(_)(_)etc(_)",
                "/config/app/default/${user.home}",
                "/config/${PATH}/default",
                "/config/app/default/*",
                "/config/app/default,..(_)",
                "/config/(_)..(_)/secret-default.yml",
                "/config/..(_)/secret-default.json",
                "/config/../secret-default.properties",
                "/config//etc/passwd",
                "/config/app/default/main//etc/passwd",
                "/config/app/default/main/%c0%ae%c0%ae/secret.txt",
            })
    void refusesToLeaveItsDirectory(String path) throws Exception {
        String answer = server.getRaw(path);

        assertThat(answer).doesNotContain(SECRET).doesNotContain("root:").doesNotContain("\tat ");
        assertThat(answer.split(" ", -1)[1]).as(answer).isIn("400", "404");
    }

    @Test
    void brokenConfigurationShowsNoInsides() throws Exception {
        Path broken = Files.writeString(policy.resolve("broken.properties"), "a=\\u");
        HttpResponse<String> answer = server.get("/config/broken/default");
        Files.delete(broken);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("\tat ").doesNotContain("Exception:");
        assertThat(server.get("/config/catalog/default").statusCode()).isEqualTo(200);
    }

    @Test
    void headersSelectNothing() throws Exception {
        String plain = server.getRaw("/config/catalog/default");
        String dressed =
                server.getRaw(
                        "/config/catalog/default",
                        "X-Config-Token: other",
                        "X-Config-Label: ..",
                        "X-Config-Name: secret",
                        "X-Forwarded-Prefix: /../..",
                        "X-Forwarded-Host: 169.254.169.254");

        assertThat(body(dressed)).isEqualTo(body(plain));
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n"));
    }

    // Management.

    @Test
    void isReadyAndHealthy() throws Exception {
        assertThat(server.getManagement("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(server.getManagement("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(server.getManagement("/actuator/info").statusCode()).isEqualTo(200);
    }

    @Test
    void measures() throws Exception {
        String version = server.getJson("/api/policy").at("/version/text").asString();

        assertThat(server.getManagement("/actuator/prometheus").body())
                .containsPattern(
                        "weft_policy_version_info\\{hash=\"[0-9a-f]{16}\",version=\""
                                + version
                                + "\"\\} 1")
                .contains("weft_policy_propagation_seconds_bucket{le=\"0.03\"}")
                .contains("weft_feed_subscribers{plane=\"mesh\"}");
    }

    @Test
    void measuresWhatTheDashboardShows() throws Exception {
        String metrics = server.getManagement("/actuator/prometheus").body();
        String dashboard = Files.readString(Path.of("..", "dashboards", "control-plane.json"));

        assertThat(Pattern.compile("weft_\\w+").matcher(dashboard).results())
                .hasSizeGreaterThan(3)
                .allSatisfy(metric -> assertThat(metrics).contains("\n" + metric.group() + "{"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"env", "beans", "heapdump", "configprops", "loggers", "shutdown"})
    void exposesNothingElse(String endpoint) throws Exception {
        assertThat(server.getManagement("/actuator/" + endpoint).statusCode()).isEqualTo(404);
        assertThat(server.get("/actuator/" + endpoint).statusCode()).isEqualTo(404);
    }
}
