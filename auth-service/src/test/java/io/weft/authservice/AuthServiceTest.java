// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthServiceTest {

    @TempDir static Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext service;

    @BeforeAll
    void start() {
        service =
                new SpringApplication(AuthServiceApplication.class)
                        .run(
                                "--server.port=0",
                                "--management.server.port=0",
                                "--weft.auth.state-dir=" + directory);
    }

    @AfterAll
    void stop() {
        service.close();
        http.close();
    }

    @Test
    void showsPeopleWhereToSignIn() throws Exception {
        assertThat(get("local.server.port", "/").body()).contains("href=\"/login\"");
    }

    @Test
    void isAliveAndReadyOnItsManagementPort() throws Exception {
        assertThat(get("local.management.port", "/actuator/health/liveness").statusCode())
                .isEqualTo(200);
        assertThat(get("local.management.port", "/actuator/health/readiness").statusCode())
                .isEqualTo(200);
    }

    @Test
    void keepsHealthOffThePortOfBrowsers() throws Exception {
        assertThat(get("local.server.port", "/actuator/health").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> get(String port, String path) throws Exception {
        URI uri =
                URI.create(
                        "http://127.0.0.1:"
                                + service.getEnvironment().getRequiredProperty(port)
                                + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
