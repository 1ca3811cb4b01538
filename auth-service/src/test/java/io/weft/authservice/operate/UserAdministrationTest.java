// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.authservice.fixture.Browser;
import io.weft.authservice.fixture.CodeFlow;
import io.weft.authservice.fixture.RunningAuthService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UserAdministrationTest {

    private static final String PASSWORD = "a sentence that nobody guesses";

    @TempDir static Path directory;
    private RunningAuthService service;
    private String operator = "";

    @BeforeAll
    void start() throws IOException {
        service = RunningAuthService.startDemo(directory, List.of("--weft.auth.tls.port=0"));
        operator = Files.readString(directory.resolve("operator.token")).strip();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private HttpResponse<String> ask(String method, String path, String json) throws Exception {
        return service.request(method, "/api/users" + path, operator, json);
    }

    /** Somebody who has been invited and has come. */
    private void come(String name) throws Exception {
        HttpResponse<String> invited =
                ask("POST", "", "{\"username\":\"%s\",\"roles\":[\"staff\"]}".formatted(name));
        assertThat(invited.statusCode()).as(invited.body()).isEqualTo(201);
        setPassword(RunningAuthService.json(invited).get("secret").asString(), PASSWORD);
    }

    private void setPassword(String secret, String password) throws Exception {
        try (Browser browser = service.browser()) {
            browser.fillIn(
                    "/welcome",
                    Map.of("secret", secret, "password", password, "repeated", password));
        }
    }

    private boolean canSignIn(String name, String password) throws Exception {
        try (Browser browser = service.browser()) {
            return !Browser.locationOf(browser.signIn(name, password)).toString().contains("error");
        }
    }

    private JsonNode tokens(String name, String password) throws Exception {
        try (Browser browser = service.browser()) {
            browser.signIn(name, password);
            CodeFlow flow = CodeFlow.ofGateway(service);
            return flow.tokens(flow.code(browser));
        }
    }

    @Test
    void whoeverIsInvitedSetsTheirOwnPassword() throws Exception {
        come("dora");
        assertThat(canSignIn("dora", PASSWORD)).isTrue();
        assertThat(ask("GET", "", "").body())
                .contains("\"username\":\"dora\"")
                .contains("\"roles\":[\"staff\"]")
                .doesNotContain("argon2");
        assertThat(ask("POST", "", "{\"username\":\"Dora\",\"roles\":[\"staff\"]}").statusCode())
                .isEqualTo(409);
    }

    @Test
    void locksOutAndLetsInAgain() throws Exception {
        come("emil");
        String refresh = tokens("emil", PASSWORD).get("refresh_token").asString();
        assertThat(ask("POST", "/emil/lock", "").statusCode()).isEqualTo(204);
        assertThat(canSignIn("emil", PASSWORD)).isFalse();
        assertThat(CodeFlow.ofGateway(service).refresh(refresh).statusCode()).isEqualTo(400);
        assertThat(ask("POST", "/emil/unlock", "").statusCode()).isEqualTo(204);
        assertThat(canSignIn("emil", PASSWORD)).isTrue();
    }

    @Test
    void aResetEndsTheOldPasswordAtOnce() throws Exception {
        come("fritz");
        String refresh = tokens("fritz", PASSWORD).get("refresh_token").asString();
        HttpResponse<String> reset = ask("POST", "/fritz/reset", "");
        assertThat(reset.statusCode()).isEqualTo(201);
        assertThat(canSignIn("fritz", PASSWORD)).isFalse();
        assertThat(CodeFlow.ofGateway(service).refresh(refresh).statusCode()).isEqualTo(400);
        String other = "quite another sentence, too";
        setPassword(RunningAuthService.json(reset).get("secret").asString(), other);
        assertThat(canSignIn("fritz", other)).isTrue();
    }

    @Test
    void rolesAndRemovalHoldForWhateverIsGivenNext() throws Exception {
        come("gerda");
        assertThat(ask("PUT", "/gerda/roles", "[\"staff\",\"shop-admin\"]").statusCode())
                .isEqualTo(204);
        assertThat(ask("GET", "", "").body()).contains("[\"shop-admin\",\"staff\"]");
        assertThat(ask("DELETE", "/gerda", "").statusCode()).isEqualTo(204);
        assertThat(canSignIn("gerda", PASSWORD)).isFalse();
        assertThat(ask("DELETE", "/gerda", "").statusCode()).isEqualTo(404);
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThat(ask("POST", "", "{\"roles\":[\"staff\"],\"username\":\"a b\"}").statusCode())
                .isEqualTo(400);
        assertThat(ask("POST", "", "{\"username\":\"hans\",\"roles\":[\"a b\"]}").body())
                .contains("roles (expected");
        assertThat(ask("POST", "/nobody/lock", "").statusCode()).isEqualTo(404);
    }

    @Test
    void isForOperatorsAlone() throws Exception {
        assertThat(service.request("GET", "/api/users", "nonsense", "").statusCode())
                .isEqualTo(401);
        assertThat(service.request("POST", "/api/users/alice/lock", "nonsense", "").statusCode())
                .isEqualTo(401);
    }
}
