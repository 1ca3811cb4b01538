// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.weft.configserver.fixture.RunningServer;
import io.weft.configserver.fixture.TestMesh;
import io.weft.configserver.fixture.TestPolicies;
import io.weft.conformance.access.KeyServer;
import io.weft.conformance.access.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets what of the API, the configuration and management; tokens are those of the mesh. */
class OperatorAccessTest {

    private static final SigningKey KEY = SigningKey.es256("mesh");

    @TempDir static Path directory;
    private static HttpsServer authService;
    private static RunningServer server;

    @BeforeAll
    static void start() throws IOException {
        authService =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        authService.setHttpsConfigurator(new HttpsConfigurator(TestMesh.client("auth-service")));
        authService.createContext(
                "/oauth2/jwks",
                exchange -> {
                    byte[] keys = KeyServer.jwks(KEY).getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, keys.length);
                    exchange.getResponseBody().write(keys);
                    exchange.close();
                });
        authService.start();
        Path policy = Files.createDirectories(directory.resolve("policy"));
        Files.writeString(policy.resolve("shop.yml"), TestPolicies.ordersSplit(95, 5));
        server = start("closed");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> get("/api/policy", token("weft.admin", "admin")).statusCode() == 200);
    }

    private static RunningServer start(String state, String... settings) {
        var all = new ArrayList<>(List.of(settings));
        all.add(
                "--spring.cloud.config.server.native.search-locations=file:"
                        + directory
                        + "/policy");
        all.add("--management.endpoints.web.exposure.include=*");
        all.add("--weft.control-plane.operators.issuer=https://id.test");
        all.add(
                "--weft.control-plane.identity.auth-service=https://127.0.0.1:"
                        + authService.getAddress().getPort());
        return RunningServer.start(directory.resolve(state), all.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        server.close();
        authService.stop(0);
    }

    private static String claims(String scope, String roles, String more) {
        return """
        {"iss":"https://id.test","aud":"weft","sub":"ada","exp":%d,"scope":"%s","roles":[%s]%s}"""
                .formatted(
                        Instant.now().getEpochSecond() + 300,
                        scope,
                        roles.isEmpty() ? "" : '"' + roles + '"',
                        more);
    }

    private static String token(String scope, String role) {
        return "Bearer " + KEY.sign(claims(scope, role, ""));
    }

    private static String viewer() throws IOException {
        return "Bearer " + Files.readString(directory.resolve("closed/viewer.token")).strip();
    }

    private static HttpRequest.Builder request(int port, String path, String authorization) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    private static HttpResponse<String> get(String path, String authorization)
            throws IOException, InterruptedException {
        return server.send(request(server.port(), path, authorization).build());
    }

    private static HttpResponse<String> post(String path, String authorization)
            throws IOException, InterruptedException {
        return server.send(
                request(server.port(), path, authorization)
                        .POST(BodyPublishers.ofString(""))
                        .build());
    }

    private static HttpResponse<String> manage(String path, String authorization)
            throws IOException, InterruptedException {
        return server.send(request(server.managementPort(), path, authorization).build());
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String challenge) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type").orElse(""))
                .startsWith("application/problem+json");
        assertThat(RunningServer.json(answer).path("status").asInt()).isEqualTo(status);
        assertThat(answer.headers().firstValue("www-authenticate").orElse(""))
                .startsWith("Bearer realm=\"weft\"")
                .contains(challenge);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/policy",
                "/api/policy/status",
                "/config/catalog/default",
                "/config/catalog-default.yml",
                "/no/such/path"
            })
    void strangersAreAskedForAToken(String path) throws Exception {
        assertRefused(get(path, ""), 401, "");
        assertRefused(post(path, ""), 401, "");
    }

    @Test
    void everybodyMayAskForHealthAndMetrics() throws Exception {
        for (String open :
                new String[] {
                    "health", "health/readiness", "health/liveness", "info", "prometheus"
                }) {
            assertThat(manage("/actuator/" + open, "").statusCode()).as(open).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/env",
                "/heapdump",
                "/beans",
                "/loggers",
                "/health/../env",
                "/health;/../env"
            })
    void theRestOfManagementIsForOperators(String path) throws Exception {
        assertRefused(manage("/actuator" + path, ""), 401, "");
        assertRefused(manage("/actuator" + path, viewer()), 403, "insufficient_scope");
        assertThat(manage("/actuator/env", server.operator()).statusCode()).isEqualTo(200);
    }

    @Test
    void holdersOfTheFilesGetIn() throws Exception {
        assertThat(get("/api/policy/status", viewer()).statusCode()).isEqualTo(200);
        assertThat(get("/config/catalog/default", viewer()).statusCode()).isEqualTo(200);
        assertRefused(post("/api/policy/refresh", viewer()), 403, "insufficient_scope");
        assertThat(post("/api/policy/refresh", server.operator()).statusCode()).isEqualTo(200);
        assertRefused(get("/api/policy", server.operator() + "x"), 401, "invalid_token");
        for (String file : new String[] {"operator.token", "viewer.token"}) {
            assertThat(Files.getPosixFilePermissions(directory.resolve("closed").resolve(file)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "weft.admin,    admin,         200, 200",
        "weft.admin,    weft-operator, 200, 200",
        "weft.admin,    weft-viewer,   200, 403",
        "weft.admin,    user,          403, 403",
        "weft.admin,    '',            403, 403",
        "profile,       admin,         403, 403",
        "weft.admins,   weft-operator, 403, 403",
        "'',            weft-viewer,   403, 403",
    })
    void scopeAndRoleDecide(String scope, String role, int looking, int changing) throws Exception {
        String token = token(scope, role);

        assertThat(get("/api/policy/status", token).statusCode()).isEqualTo(looking);
        assertThat(post("/api/policy/refresh", token).statusCode()).isEqualTo(changing);
    }

    @Test
    void refusesWhatIsNoTokenOfTheMeshForTheMesh() throws Exception {
        String good = claims("weft.admin", "admin", "");
        String none = SigningKey.part("{\"alg\":\"none\"}") + "." + SigningKey.part(good) + ".";
        for (String bad :
                new String[] {
                    KEY.sign(claims("weft.admin", "admin", ",\"aud\":\"shop\"")),
                    KEY.sign(claims("weft.admin", "admin", ",\"iss\":\"https://id.test/\"")),
                    KEY.sign(claims("weft.admin", "admin", ",\"exp\":1")),
                    KEY.sign(claims("weft.admin", "admin", ",\"nonce\":\"n\"")),
                    SigningKey.es256("mesh").sign(good),
                    SigningKey.es256("other").sign(good),
                    none,
                    ""
                }) {
            assertRefused(get("/api/policy", "Bearer " + bad), 401, "invalid_token");
        }
        assertRefused(get("/api/policy", "Basic YTpi"), 401, "invalid_token");
        assertThat(server.getRaw("/api/policy", "Authorization: Bearer x")).contains(" 401 ");
    }

    @Test
    void whereItIsDeclaredEverybodyOnTheMachineLooksAndNobodyElse() throws Exception {
        try (RunningServer open =
                start("open", "--weft.control-plane.operators.open-on-loopback=true")) {
            var status = request(open.port(), "/api/policy/status", "").build();
            assertThat(open.send(status).statusCode()).isEqualTo(200);
            assertRefused(
                    open.send(
                            request(open.port(), "/api/policy/refresh", "")
                                    .POST(BodyPublishers.noBody())
                                    .build()),
                    401,
                    "");
            assertRefused(
                    open.send(request(open.port(), "/api/policy", "Bearer x").build()), 401, "");
            assertRefused(
                    open.send(
                            request(open.port(), "/api/policy", "")
                                    .header("X-Forwarded-For", "192.0.2.7")
                                    .build()),
                    401,
                    "");
            assertRefused(
                    open.send(request(open.managementPort(), "/actuator/env", "").build()),
                    401,
                    "");
            assertThat(open.getForeign("/api/policy", "evil.example")).contains(" 401 ");
        }
    }
}
