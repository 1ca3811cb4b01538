// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.authservice.fixture.RunningService;
import io.weft.authservice.fixture.TestCsrs;
import io.weft.authservice.fixture.TlsClient;
import io.weft.authservice.fixture.TlsClient.Identity;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir static Path directory;
    private final HttpClient http = HttpClient.newHttpClient();
    private RunningService service;
    private String token = "";

    @BeforeAll
    void start() throws IOException {
        service = RunningService.start(directory);
        token = Files.readString(directory.resolve("operator.token")).strip();
    }

    @AfterAll
    void stop() {
        service.close();
        http.close();
    }

    private HttpResponse<String> send(String method, String path, String body, String credential)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(service.browsers("/api/ca" + path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + credential)
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return send(method, path, body, token);
    }

    private JsonNode json(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    @Test
    void credentialIsThatOfTheFileAlone() throws Exception {
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(directory.resolve("operator.token"))))
                .isEqualTo("rw-------");
        for (String wrong : new String[] {"x", token + "x", token.substring(1), "a.b.c"}) {
            assertThat(send("GET", "", "", wrong).statusCode()).isEqualTo(401);
            assertThat(send("POST", "/root/rotate", "", wrong).statusCode()).isEqualTo(401);
        }
        assertThat(send("GET", "/../api-keys", "").statusCode()).isIn(400, 401, 404);
    }

    @Test
    void issuerAndRootAreReplacedAndDistrustedOnCommand() throws Exception {
        String first = json(send("GET", "", ""), 200).path("issuer").path("fingerprint").asString();
        JsonNode rotated = json(send("POST", "/issuer/rotate", ""), 200);
        assertThat(rotated.path("issuer").path("fingerprint").asString()).isNotEqualTo(first);
        assertThat(json(send("POST", "/root/rotate", ""), 200).path("roots").size()).isEqualTo(2);
        assertThat(json(send("POST", "/root/rotate", ""), 409).path("detail").asString())
                .contains("published already");
        json(send("POST", "/issuers/" + first + "/distrust", ""), 200);
        json(send("POST", "/issuers/unknown/distrust", ""), 409);
        try (TlsClient client = TlsClient.connect(service)) {
            assertThat(client.get("/bundle").json().path("weft_distrusted").get(0).asString())
                    .isEqualTo(first);
        }
    }

    @Test
    void secretsTokensAndRemovalsAreManagedAndLogged() throws Exception {
        JsonNode secret = json(send("POST", "/secrets", "{\"workload\":\"orders\"}"), 201);
        String shown = TlsClient.secret(secret.path("secret").asString());
        Identity orders;
        try (TlsClient client = TlsClient.connect(service)) {
            orders = client.enrol("orders", shown);
            String join =
                    json(
                                    send(
                                            "POST",
                                            "/join-tokens",
                                            "{\"workload\":\"cart\",\"life\":\"PT5M\"}"),
                                    201)
                            .path("token")
                            .asString();
            client.enrol("cart", "{\"join-token\":\"" + join + "\"}");
        }
        assertThat(send("GET", "/secrets", "").body())
                .contains(secret.path("id").asString())
                .doesNotContain(secret.path("secret").asString());
        assertThat(send("DELETE", "/workloads/orders", "").statusCode()).isEqualTo(204);
        try (TlsClient client = TlsClient.connect(service, orders)) {
            byte[] csr = TestCsrs.of(TestCsrs.key());
            assertThat(client.post("/enrol", TlsClient.enrolment("orders", csr, null)).status())
                    .isEqualTo(403);
        }
        assertThat(send("POST", "/workloads/orders/restore", "").statusCode()).isEqualTo(204);
        String id = secret.path("id").asString();
        assertThat(send("DELETE", "/secrets/" + id, "").statusCode()).isEqualTo(204);
        assertThat(send("DELETE", "/secrets/" + id, "").statusCode()).isEqualTo(404);

        String issued = send("GET", "/issued?count=50", "").body();
        assertThat(issued)
                .contains("\"event\":\"issued\"")
                .contains("svc/orders")
                .contains("\"event\":\"remove-workload\"")
                .contains("\"by\":\"operator.token\"")
                .contains(orders.certificate().getSerialNumber().toString(16))
                .doesNotContain(secret.path("secret").asString());
    }

    @Test
    void nonsenseIsRefused() throws Exception {
        json(send("POST", "/secrets", "{\"workload\":\"Orders\"}"), 400);
        json(send("POST", "/secrets", "{}"), 400);
        json(send("POST", "/join-tokens", "{\"workload\":\"a\",\"life\":\"P8D\"}"), 400);
        json(send("GET", "/issued?count=0", ""), 400);
        json(send("DELETE", "/workloads/a_b", ""), 400);
    }

    @Test
    void tokenKeysAreThereOverTlsAndApiKeysForTheControlPlaneAlone() throws Exception {
        String control = "{\"workload\":\"config-server\"}";
        String secret = json(send("POST", "/secrets", control), 201).path("secret").asString();
        try (TlsClient client = TlsClient.connect(service)) {
            JsonNode keys = client.get("/oauth2/jwks").json().path("keys");
            assertThat(keys.size()).isPositive();
            assertThat(keys.get(0).has("d")).isFalse();
            assertThat(client.get("/api-keys").status()).isEqualTo(401);
            Identity other =
                    client.enrol(
                            "nosy",
                            TlsClient.secret(
                                    json(send("POST", "/secrets", "{\"workload\":\"nosy\"}"), 201)
                                            .path("secret")
                                            .asString()));
            try (TlsClient nosy = TlsClient.connect(service, other)) {
                assertThat(nosy.get("/api-keys").status()).isEqualTo(403);
            }
            Identity server = client.enrol("config-server", TlsClient.secret(secret));
            try (TlsClient reader = TlsClient.connect(service, server)) {
                assertThat(reader.get("/api-keys").json().has("sequence")).isTrue();
            }
        }
    }

    @Test
    void metricsAndHealthTell() throws Exception {
        String health =
                http.send(
                                HttpRequest.newBuilder(service.management("/actuator/health"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body();
        assertThat(health).contains("UP");
        String metrics =
                http.send(
                                HttpRequest.newBuilder(service.management("/actuator/prometheus"))
                                        .build(),
                                BodyHandlers.ofString())
                        .body();
        assertThat(metrics)
                .contains("weft_bundle_sequence")
                .contains("weft_authority_expiry_timestamp_seconds{certificate=\"root\"}");
    }
}
