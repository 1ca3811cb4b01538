// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import io.weft.authservice.fixture.Browser;
import io.weft.authservice.fixture.CodeFlow;
import io.weft.authservice.fixture.RunningAuthService;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInPagesTest {

    private static final String SECRET = "0123456789abcdefghijklmnopqrstuvwxyz0123456";

    @TempDir static Path directory;

    private RunningAuthService service;

    @BeforeAll
    void start() throws Exception {
        Path secret = directory.resolve("secret");
        Files.writeString(secret, SECRET + "\n");
        service =
                RunningAuthService.startDemo(
                        directory.resolve("state"),
                        List.of(
                                "--weft.auth.issuer=http://id.shop.example",
                                "--weft.auth.clients.billing.secret-file=" + secret,
                                "--weft.auth.clients.billing.scopes=invoices",
                                "--weft.auth.clients.billing.audience=invoices"));
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/login", "/signed-out", "/welcome", "/nowhere"})
    void keepsForeignContentOutOfEveryPage(String path) throws Exception {
        try (var browser = service.browser()) {
            var page = browser.get(path);
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'")
                    .contains("frame-ancestors 'none'");
            assertThat(page.headers().firstValue("X-Frame-Options")).hasValue("DENY");
            assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(page.headers().firstValue("Cache-Control").orElseThrow())
                    .contains("no-store");
            assertThat(page.body())
                    .contains("<html lang=\"en\">")
                    .doesNotContain("http://", "https://", "<script", "style=");
        }
    }

    @Test
    void servesItsOwnStyleAndMark() throws Exception {
        for (String asset : List.of("/assets/weft.css", "/assets/weft.svg")) {
            assertThat(service.get(service.uri(asset)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void letsTheSignInFormLeadToTheClientThatAsked() throws Exception {
        try (var browser = service.browser()) {
            var response = CodeFlow.ofGateway(service).authorize(browser);
            var page = browser.get(Browser.locationOf(response));
            assertThat(page.body()).contains("to continue to <strong>gateway</strong>");
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("form-action 'self' http://127.0.0.1:8080");
        }
    }

    @Test
    void goesOnToTheClientAfterSigningIn() throws Exception {
        try (var browser = service.browser()) {
            var flow = CodeFlow.ofGateway(service);
            flow.authorize(browser);
            var back = browser.signIn("alice", service.passwordOf("alice"));
            var response = browser.get(Browser.locationOf(back));
            assertThat(Browser.parametersOf(response))
                    .containsEntry("iss", "http://id.shop.example")
                    .containsKey("code");
        }
    }

    @Test
    void keepsTheSessionCookieFromScriptsAndForeignSites() throws Exception {
        assertThat(cookieOf(service))
                .startsWith("weft-sign-in=")
                .contains("HttpOnly", "SameSite=Lax")
                .doesNotContain("Secure");
    }

    @Test
    void keepsTheSessionCookieWithinTlsWherePeopleSignInOverIt(@TempDir Path other)
            throws Exception {
        List<String> overTls = List.of("--weft.auth.issuer=https://id.shop.example");
        try (var secure = RunningAuthService.start(other, overTls)) {
            assertThat(cookieOf(secure)).contains("HttpOnly", "SameSite=Lax", "Secure");
        }
    }

    private static String cookieOf(RunningAuthService service) throws Exception {
        try (var browser = service.browser()) {
            return browser.get("/login").headers().firstValue("Set-Cookie").orElseThrow();
        }
    }

    @Test
    void givesTheSessionANewNameWhenSomebodySignsIn() throws Exception {
        try (var browser = service.browser()) {
            var page = browser.get("/login");
            String before = page.headers().firstValue("Set-Cookie").orElseThrow();
            var form = new HashMap<>(Browser.hiddenOf(page.body()));
            form.put("username", "alice");
            form.put("password", service.passwordOf("alice"));
            var response = browser.post("/login", form);
            String after = response.headers().firstValue("Set-Cookie").orElseThrow();
            assertThat(HttpCookie.parse(after).getFirst().getValue())
                    .isNotEqualTo(HttpCookie.parse(before).getFirst().getValue());
        }
    }

    @Test
    void refusesFormsThatAreNotItsOwn() throws Exception {
        try (var browser = service.browser()) {
            for (String path : List.of("/login", "/logout", "/welcome")) {
                var response =
                        browser.post(
                                path,
                                Map.of(
                                        "username",
                                        "alice",
                                        "password",
                                        service.passwordOf("alice")));
                assertThat(response.statusCode()).as(path).isEqualTo(403);
            }
        }
    }

    @Test
    void saysTheSameToAWrongPasswordAndToAnUnknownUser() throws Exception {
        try (var browser = service.browser()) {
            var wrong = browser.signIn("bob", "not the password");
            var unknown = browser.signIn("nobody", "not the password");
            var strange = browser.signIn("'; drop table account; --", "not the password");
            assertThat(List.of(wrong, unknown, strange))
                    .extracting(Browser::locationOf)
                    .extracting(URI::getQuery)
                    .containsOnly("error");
            assertThat(browser.get("/login?error").body()).contains("do not match");
        }
    }

    @Test
    void stopsWhoeverGuesses() throws Exception {
        try (var browser = service.browser()) {
            HttpResponse<String> response = browser.signIn("victim", "guess 0");
            for (int i = 1; i <= 10 && response.statusCode() == 302; i++) {
                response = browser.signIn("Victim", "guess " + i);
            }
            assertThat(response.statusCode()).isEqualTo(429);
            assertThat(response.headers().firstValue("Retry-After")).isPresent();
            assertThat(response.body()).contains("<h1>Too many attempts</h1>");
            browser.signIn("alice", service.passwordOf("alice"));
            assertThat(browser.get("/").body())
                    .as("others sign in from the same address")
                    .contains("as <strong>alice</strong>");
        }
    }

    @Test
    void registersClientsFromTheSettings() throws Exception {
        var response =
                service.post(
                        "/oauth2/token",
                        Map.of(
                                "grant_type", "client_credentials",
                                "client_id", "billing",
                                "client_secret", SECRET,
                                "scope", "invoices"));
        String token = RunningAuthService.json(response).get("access_token").asString();
        var claims = SignedJWT.parse(token).getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo("http://id.shop.example");
        assertThat(claims.getAudience()).containsExactly("invoices");
    }

    @Test
    void describesWhatItOffersUnderItsLogicalAddress() throws Exception {
        for (String path :
                List.of(
                        "/.well-known/openid-configuration",
                        "/.well-known/oauth-authorization-server")) {
            var document = RunningAuthService.json(service.get(service.uri(path)));
            assertThat(document.get("issuer").asString()).isEqualTo("http://id.shop.example");
            assertThat(document.get("jwks_uri").asString())
                    .isEqualTo("http://id.shop.example/oauth2/jwks");
            assertThat(document.get("code_challenge_methods_supported").toString())
                    .isEqualTo("[\"S256\"]");
            assertThat(document.get("grant_types_supported").toString())
                    .isEqualTo("[\"authorization_code\",\"refresh_token\",\"client_credentials\"]");
            assertThat(document.get("backchannel_logout_supported").asBoolean()).isTrue();
        }
    }

    @Test
    void answersProgramsWithProblems() throws Exception {
        var response = service.get(service.uri("/nowhere"));
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
    }
}
