// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.authservice.fixture.Browser;
import io.weft.authservice.fixture.CodeFlow;
import io.weft.authservice.fixture.Postgres;
import io.weft.authservice.fixture.RunningAuthService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OAuthOnPostgresTest extends OAuthContract {

    private static final String SEAL_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /** Two requests, each at most a second for a connection, on a slow machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private @Nullable Postgres postgres;

    @Override
    List<String> database() throws Exception {
        var settings = new ArrayList<>(postgres().settings());
        settings.add("--weft.auth.seal-key=" + SEAL_KEY);
        return settings;
    }

    private Postgres postgres() throws Exception {
        if (postgres == null) {
            postgres = Postgres.start();
        }
        return postgres;
    }

    @AfterAll
    void stopDatabase() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void sharesKeysAndGrantsBetweenInstances(@TempDir Path other) throws Exception {
        for (String file : List.of("demo-users.properties", "demo-clients.properties")) {
            Files.copy(directory.resolve("state").resolve(file), other.resolve(file));
        }
        try (var second = RunningAuthService.startDemo(other, database());
                var browser = service().browser()) {
            assertThat(second.get(second.uri("/oauth2/jwks")).body())
                    .isEqualTo(service().get(service().uri("/oauth2/jwks")).body());
            var flow = CodeFlow.ofGateway(service());
            String refresh = flow.tokensOf("alice", browser).get("refresh_token").asString();
            var response =
                    second.post(
                            "gateway",
                            "/oauth2/token",
                            Map.of("grant_type", "refresh_token", "refresh_token", refresh));
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        }
    }

    @Test
    void answersAtOnceWhileTheDatabaseIsAwayAndComesBack() throws Exception {
        try (var browser = service().browser()) {
            var form = new HashMap<>(Browser.hiddenOf(browser.get("/login").body()));
            form.put("username", "alice");
            form.put("password", service().passwordOf("alice"));
            String keys = service().get(service().uri("/oauth2/jwks")).body();
            postgres().stop();
            try {
                long begin = System.nanoTime();
                var page = browser.post("/login", form);
                var token =
                        service()
                                .post(
                                        "demo-service",
                                        "/oauth2/token",
                                        Map.of("grant_type", "client_credentials"));
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE);
                assertThat(page.statusCode()).isEqualTo(503);
                assertThat(page.headers().firstValue("Retry-After")).isPresent();
                assertThat(page.body()).contains("<h1>Sign-in is not available right now</h1>");
                assertThat(token.statusCode()).isEqualTo(503);
                assertThat(token.headers().firstValue("Content-Type").orElseThrow())
                        .startsWith("application/problem+json");
                assertThat(service().get(service().uri("/oauth2/jwks")).body()).isEqualTo(keys);
                assertThat(
                                service()
                                        .get(service().management("/actuator/health/readiness"))
                                        .statusCode())
                        .isEqualTo(200);
            } finally {
                postgres().begin();
            }
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () ->
                                    assertThat(browser.post("/login", form).statusCode())
                                            .isEqualTo(302));
            assertThat(browser.get("/").body()).contains("as <strong>alice</strong>");
        }
    }
}
