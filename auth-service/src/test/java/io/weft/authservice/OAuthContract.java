// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import static io.weft.authservice.fixture.Browser.locationOf;
import static io.weft.authservice.fixture.Browser.parametersOf;
import static io.weft.authservice.fixture.RunningAuthService.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.weft.authservice.fixture.Browser;
import io.weft.authservice.fixture.CodeFlow;
import io.weft.authservice.fixture.LogoutListener;
import io.weft.authservice.fixture.RunningAuthService;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What people and clients can rely on, whatever database is below. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OAuthContract {

    private static final int CLI_PORT = 34567;

    @TempDir static Path directory;

    private LogoutListener listener;
    private RunningAuthService service;

    /** Secrets that were handed out while the tests ran. */
    private final Set<String> secrets = new HashSet<>();

    /** What is answered to people and scraped by machines. */
    private final ConcurrentLinkedQueue<String> shown = new ConcurrentLinkedQueue<>();

    abstract List<String> database() throws Exception;

    RunningAuthService service() {
        return service;
    }

    @BeforeAll
    void startService() throws Exception {
        listener = LogoutListener.failing(1);
        startAgain();
    }

    @AfterAll
    void stopService() {
        if (service != null) {
            service.close();
        }
        if (listener != null) {
            listener.close();
        }
    }

    private JsonNode signedIn(CodeFlow flow, String user, Browser browser) throws Exception {
        JsonNode tokens = flow.tokensOf(user, browser);
        remember(tokens);
        return tokens;
    }

    private void remember(JsonNode tokens) {
        for (String name : List.of("access_token", "refresh_token", "id_token")) {
            if (tokens.has(name)) {
                secrets.add(tokens.get(name).asString());
            }
        }
    }

    private SignedJWT verified(JsonNode tokens, String name) throws Exception {
        SignedJWT token = SignedJWT.parse(tokens.get(name).asString());
        JWKSet keys = JWKSet.parse(service.get(service.uri("/oauth2/jwks")).body());
        var key = keys.getKeyByKeyId(token.getHeader().getKeyID());
        assertThat(key.isPrivate()).isFalse();
        assertThat(token.verify(new ECDSAVerifier(key.toECKey()))).isTrue();
        return token;
    }

    private boolean isActive(String token) throws Exception {
        var response = service.post("gateway", "/oauth2/introspect", Map.of("token", token));
        assertThat(response.statusCode()).isEqualTo(200);
        return json(response).get("active").asBoolean();
    }

    @Test
    void givesPeopleTokensByCodeAndProofKey() throws Exception {
        try (var browser = service.browser()) {
            var flow = CodeFlow.ofGateway(service);
            browser.signIn("alice", service.passwordOf("alice"));
            var response = flow.authorize(browser);
            assertThat(locationOf(response).toString())
                    .startsWith(RunningAuthService.REDIRECT_URI + "?");
            assertThat(parametersOf(response))
                    .containsEntry("state", flow.state())
                    .containsEntry("iss", "http://127.0.0.1:9000");
            JsonNode tokens = flow.tokens(CodeFlow.codeOf(response));
            remember(tokens);

            SignedJWT access = verified(tokens, "access_token");
            assertThat(access.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
            assertThat(access.getHeader().getType().getType()).isEqualTo("at+jwt");
            var claims = access.getJWTClaimsSet();
            assertThat(claims.getIssuer()).isEqualTo("http://127.0.0.1:9000");
            assertThat(claims.getSubject()).isEqualTo("alice");
            assertThat(claims.getAudience()).containsExactly("weft");
            assertThat(claims.getStringClaim("client_id")).isEqualTo("gateway");
            assertThat(claims.getStringListClaim("roles")).containsExactly("shop-admin", "user");
            assertThat(claims.getStringClaim("scope"))
                    .isEqualTo("openid orders.read orders.write profile");
            assertThat(claims.getJWTID()).isNotEmpty();
            assertThat(
                            Duration.between(
                                    claims.getIssueTime().toInstant(),
                                    claims.getExpirationTime().toInstant()))
                    .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(15));

            SignedJWT identity = verified(tokens, "id_token");
            assertThat(identity.getHeader().getType().getType()).isEqualTo("JWT");
            assertThat(identity.getJWTClaimsSet().getAudience()).containsExactly("gateway");
            assertThat(identity.getJWTClaimsSet().getStringClaim("nonce")).isEqualTo(flow.nonce());
            assertThat(identity.getJWTClaimsSet().getStringClaim("sid")).isNotEmpty();
            assertThat(identity.getJWTClaimsSet().getStringClaim("preferred_username"))
                    .isEqualTo("alice");
        }
    }

    @Test
    void givesClientsTokensOfTheirOwn() throws Exception {
        var response =
                service.post(
                        "demo-service",
                        "/oauth2/token",
                        Map.of("grant_type", "client_credentials", "scope", "orders.read"));
        SignedJWT access = verified(json(response), "access_token");
        assertThat(access.getJWTClaimsSet().getSubject()).isEqualTo("demo-service");
        assertThat(access.getJWTClaimsSet().getStringClaim("scope")).isEqualTo("orders.read");
        assertThat(access.getJWTClaimsSet().getStringListClaim("roles")).isEmpty();
        assertThat(json(response).has("refresh_token")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "urn:ietf:params:oauth:grant-type:device_code",
                "implicit"
            })
    void knowsNoOtherGrant(String grant) throws Exception {
        var response =
                service.post(
                        "demo-service",
                        "/oauth2/token",
                        Map.of(
                                "grant_type",
                                grant,
                                "username",
                                "alice",
                                "password",
                                service.passwordOf("alice")));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).doesNotContain("access_token");
    }

    @Test
    void exchangesARefreshTokenForANewOne() throws Exception {
        try (var browser = service.browser()) {
            var flow = CodeFlow.ofGateway(service);
            JsonNode first = signedIn(flow, "alice", browser);
            var response = flow.refresh(first.get("refresh_token").asString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode second = json(response);
            remember(second);
            assertThat(second.get("refresh_token")).isNotEqualTo(first.get("refresh_token"));
            assertThat(verified(second, "access_token").getJWTClaimsSet().getSubject())
                    .isEqualTo("alice");
            assertThat(verified(second, "id_token").getJWTClaimsSet().getStringClaim("sid"))
                    .isEqualTo(verified(first, "id_token").getJWTClaimsSet().getStringClaim("sid"));
        }
    }

    @Test
    void endsTheFamilyOfARefreshTokenUsedAgain() throws Exception {
        try (var browser = service.browser()) {
            var flow = CodeFlow.ofGateway(service);
            String first = signedIn(flow, "alice", browser).get("refresh_token").asString();
            JsonNode second = json(flow.refresh(first));
            JsonNode third = json(flow.refresh(second.get("refresh_token").asString()));
            assertThat(isActive(third.get("access_token").asString())).isTrue();

            var reused = flow.refresh(first);
            assertThat(reused.statusCode()).isEqualTo(400);
            assertThat(json(reused).get("error").asString()).isEqualTo("invalid_grant");
            var afterwards = flow.refresh(third.get("refresh_token").asString());
            assertThat(afterwards.statusCode()).isEqualTo(400);
            assertThat(isActive(third.get("access_token").asString())).isFalse();
        }
    }

    @Test
    void leavesNoTwoFamiliesAliveWhenOneTokenIsUsedFiftyTimesAtOnce() throws Exception {
        try (var browser = service.browser()) {
            var flow = CodeFlow.ofGateway(service);
            String token = signedIn(flow, "alice", browser).get("refresh_token").asString();
            List<HttpResponse<String>> responses = atOnce(50, () -> flow.refresh(token));
            assertThat(responses)
                    .extracting(HttpResponse::statusCode)
                    .allMatch(status -> Set.of(200, 400, 503).contains(status));
            List<String> fresh =
                    responses.stream()
                            .filter(each -> each.statusCode() == 200)
                            .map(each -> json(each).get("refresh_token").asString())
                            .toList();
            int alive = 0;
            for (String each : fresh) {
                if (flow.refresh(each).statusCode() == 200) {
                    alive++;
                }
            }
            assertThat(fresh).hasSizeLessThanOrEqualTo(1);
            assertThat(alive).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void redeemsACodeOnce() throws Exception {
        try (var browser = service.browser()) {
            browser.signIn("alice", service.passwordOf("alice"));
            var flow = CodeFlow.ofGateway(service);
            String code = flow.code(browser);
            JsonNode tokens = flow.tokens(code);
            assertThat(flow.exchange(code).statusCode()).isEqualTo(400);
            assertThat(isActive(tokens.get("access_token").asString())).isFalse();
            assertThat(flow.refresh(tokens.get("refresh_token").asString()).statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void redeemsACodeOnceWhenItIsUsedManyTimesAtOnce() throws Exception {
        try (var browser = service.browser()) {
            browser.signIn("alice", service.passwordOf("alice"));
            var flow = CodeFlow.ofGateway(service);
            String code = flow.code(browser);
            var responses = atOnce(16, () -> flow.exchange(code));
            assertThat(responses.stream().filter(each -> each.statusCode() == 200).count())
                    .isLessThanOrEqualTo(1);
        }
    }

    private static <T> List<T> atOnce(int times, Callable<T> task) throws Exception {
        var results = new ArrayList<T>();
        var barrier = new CyclicBarrier(times);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<T>>();
            for (int i = 0; i < times; i++) {
                futures.add(
                        threads.submit(
                                () -> {
                                    barrier.await();
                                    return task.call();
                                }));
            }
            for (Future<T> each : futures) {
                results.add(each.get());
            }
        }
        return results;
    }

    @Test
    void revokesWhatAClientGivesBack() throws Exception {
        try (var browser = service.browser()) {
            var flow = CodeFlow.ofGateway(service);
            JsonNode tokens = signedIn(flow, "alice", browser);
            String refresh = tokens.get("refresh_token").asString();
            assertThat(isActive(refresh)).isTrue();
            var response = service.post("gateway", "/oauth2/revoke", Map.of("token", refresh));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(isActive(refresh)).isFalse();
            assertThat(isActive(tokens.get("access_token").asString())).isFalse();
            assertThat(flow.refresh(refresh).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void refusesRequestsWithoutAProperProofKey() throws Exception {
        try (var browser = service.browser()) {
            browser.signIn("alice", service.passwordOf("alice"));
            var none = CodeFlow.ofGateway(service).request();
            none.remove("code_challenge");
            none.remove("code_challenge_method");
            var plain = CodeFlow.ofGateway(service).request();
            plain.put("code_challenge_method", "plain");
            var unsaid = CodeFlow.ofGateway(service).request();
            unsaid.remove("code_challenge_method");
            for (var request : List.of(none, plain, unsaid)) {
                var response = CodeFlow.authorize(browser, request);
                assertThat(parametersOf(response))
                        .containsEntry("error", "invalid_request")
                        .doesNotContainKey("code");
            }
        }
    }

    @Test
    void refusesVerifiersThatAreNone() throws Exception {
        try (var browser = service.browser()) {
            browser.signIn("alice", service.passwordOf("alice"));
            for (String verifier : List.of("a".repeat(42), "a".repeat(129), "ä" + "a".repeat(50))) {
                var flow = CodeFlow.ofGateway(service);
                var request = flow.request();
                request.put("code_challenge", CodeFlow.challenge(verifier));
                String code = CodeFlow.codeOf(CodeFlow.authorize(browser, request));
                assertThat(flow.exchange(code, verifier).statusCode()).isEqualTo(400);
            }
            for (String verifier : List.of("a".repeat(43), "a".repeat(128))) {
                var flow = CodeFlow.ofGateway(service);
                var request = flow.request();
                request.put("code_challenge", CodeFlow.challenge(verifier));
                String code = CodeFlow.codeOf(CodeFlow.authorize(browser, request));
                assertThat(flow.exchange(code, verifier).statusCode()).isEqualTo(200);
            }
            var other = CodeFlow.ofGateway(service);
            String code = other.code(browser);
            assertThat(other.exchange(code, "b".repeat(43)).statusCode()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080/login/oauth2/code/weft/",
                "http://127.0.0.1:8080/login/oauth2/code/weft2",
                "http://127.0.0.1:8080/login/oauth2/code/wef",
                "http://127.0.0.1:8080/login/oauth2/code/weft?a=b",
                "http://127.0.0.1:8080/login/oauth2/code/weft#a",
                "http://127.0.0.1:8080/login/oauth2/code/weft#",
                "http://127.0.0.1:8080/login/oauth2/code/../code/weft",
                "http://127.0.0.1:8080/login/oauth2/code/%77eft",
                "http://127.0.0.1:8080/LOGIN/oauth2/code/weft",
                "http://127.0.0.1:8081/login/oauth2/code/weft",
                "http://127.0.0.1/login/oauth2/code/weft",
                "http://127.0.0.1:08080/login/oauth2/code/weft",
                "http://127.0.0.2:8080/login/oauth2/code/weft",
                "http://localhost:8080/login/oauth2/code/weft",
                "http://127.0.0.1:8080@evil.test/login/oauth2/code/weft",
                "http://evil@127.0.0.1:8080/login/oauth2/code/weft",
                "http://127.0.0.1.evil.test:8080/login/oauth2/code/weft",
                "HTTP://127.0.0.1:8080/login/oauth2/code/weft",
                "https://127.0.0.1:8080/login/oauth2/code/weft",
                "//127.0.0.1:8080/login/oauth2/code/weft",
                "javascript:alert(1)",
                " http://127.0.0.1:8080/login/oauth2/code/weft",
                "http://127.0.0.1:8080/login/oauth2/code/weft\r\nX: y",
                "http://127.0.0.1:8080/login/oauth2/code/weft\\@evil.test",
                ""
            })
    void sendsNobodyToAnAddressThatIsNotRegistered(String redirectUri) throws Exception {
        try (var browser = service.browser()) {
            browser.signIn("bob", service.passwordOf("bob"));
            var request = CodeFlow.ofGateway(service).request();
            request.put("redirect_uri", redirectUri);
            var response = CodeFlow.authorize(browser, request);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.headers().firstValue("Location")).isEmpty();
            assertThat(response.body()).contains("<h1>This request cannot be answered</h1>");
        }
    }

    @Test
    void wantsAState() throws Exception {
        try (var browser = service.browser()) {
            browser.signIn("alice", service.passwordOf("alice"));
            var request = CodeFlow.ofGateway(service).request();
            request.remove("state");
            assertThat(parametersOf(CodeFlow.authorize(browser, request)))
                    .containsEntry("error", "invalid_request")
                    .containsEntry("iss", "http://127.0.0.1:9000");
        }
    }

    @Test
    void takesNothingButAccessTokensForAccess() throws Exception {
        try (var browser = service.browser()) {
            JsonNode tokens = signedIn(CodeFlow.ofGateway(service), "alice", browser);
            for (String name : List.of("id_token", "refresh_token")) {
                String token = tokens.get(name).asString();
                assertThat(service.request("GET", "/userinfo", token, "").statusCode())
                        .isEqualTo(401);
                assertThat(service.request("GET", "/api/api-keys", token, "").statusCode())
                        .isEqualTo(401);
            }
            var info =
                    service.request("GET", "/userinfo", tokens.get("access_token").asString(), "");
            assertThat(json(info).get("sub").asString()).isEqualTo("alice");
        }
    }

    @Test
    void asksPeopleBeforeAPublicClientGetsAToken() throws Exception {
        try (var browser = service.browser()) {
            browser.signIn("bob", service.passwordOf("bob"));
            var flow = CodeFlow.ofCommandLine(service, CLI_PORT, "openid orders.read");
            var page = browser.get(locationOf(flow.authorize(browser)));
            assertThat(page.body()).contains("Allow weft-cli?").contains("orders.read");
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("form-action 'self' http://127.0.0.1:*");

            var form = Browser.hiddenOf(page.body());
            var refused = browser.post("/oauth2/authorize", form);
            assertThat(parametersOf(refused)).containsEntry("error", "access_denied");

            form = Browser.hiddenOf(browser.get(locationOf(flow.authorize(browser))).body());
            form.put("scope", "orders.read");
            var allowed = browser.post("/oauth2/authorize", form);
            assertThat(locationOf(allowed).toString())
                    .startsWith("http://127.0.0.1:" + CLI_PORT + "/callback?");
            JsonNode tokens = flow.tokens(CodeFlow.codeOf(allowed));
            assertThat(verified(tokens, "access_token").getJWTClaimsSet().getStringClaim("scope"))
                    .isEqualTo("openid orders.read");

            var later = CodeFlow.ofCommandLine(service, CLI_PORT + 1, "openid orders.read");
            assertThat(CodeFlow.codeOf(later.authorize(browser))).isNotEmpty();
        }
    }

    @Test
    void signsOutEverywhereWhenAClientAsks() throws Exception {
        try (var browser = service.browser()) {
            var flow = CodeFlow.ofGateway(service);
            JsonNode tokens = signedIn(flow, "bob", browser);
            String session = verified(tokens, "id_token").getJWTClaimsSet().getStringClaim("sid");
            var response =
                    browser.get(
                            "/connect/logout?post_logout_redirect_uri=http://127.0.0.1:8080/"
                                    + "&state=s&id_token_hint="
                                    + tokens.get("id_token").asString());
            assertThat(locationOf(response))
                    .isEqualTo(URI.create("http://127.0.0.1:8080/?state=s"));
            assertThat(flow.refresh(tokens.get("refresh_token").asString()).statusCode())
                    .isEqualTo(400);
            assertThat(locationOf(flow.authorize(browser)).getPath()).isEqualTo("/login");

            SignedJWT token = logoutTokenOf(session);
            var claims = token.getJWTClaimsSet();
            assertThat(token.getHeader().getType().getType()).isEqualTo("logout+jwt");
            assertThat(claims.getIssuer()).isEqualTo("http://127.0.0.1:9000");
            assertThat(claims.getAudience()).containsExactly("gateway");
            assertThat(claims.getSubject()).isEqualTo("bob");
            assertThat(claims.getJSONObjectClaim("events"))
                    .containsOnlyKeys("http://schemas.openid.net/event/backchannel-logout");
            assertThat(claims.getClaim("nonce")).isNull();
        }
    }

    @Test
    void signsOutEverywhereOnItsOwnPage() throws Exception {
        try (var browser = service.browser()) {
            JsonNode tokens = signedIn(CodeFlow.ofGateway(service), "bob", browser);
            String session = verified(tokens, "id_token").getJWTClaimsSet().getStringClaim("sid");
            var response = browser.post("/logout", Browser.hiddenOf(browser.get("/").body()));
            assertThat(browser.get(locationOf(response)).body()).contains("You are signed out");
            assertThat(logoutTokenOf(session).getJWTClaimsSet().getSubject()).isEqualTo("bob");
        }
    }

    /** The first call fails on purpose: this one is told again. */
    private SignedJWT logoutTokenOf(String session) throws Exception {
        var found = new ArrayList<SignedJWT>();
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> {
                            for (String each : listener.tokens()) {
                                SignedJWT token = SignedJWT.parse(each);
                                if (session.equals(token.getJWTClaimsSet().getStringClaim("sid"))) {
                                    found.add(token);
                                }
                            }
                            return !found.isEmpty();
                        });
        return found.getFirst();
    }

    @Test
    void sendsNobodyAwayToAnAddressThatIsNotRegisteredAfterSigningOut() throws Exception {
        try (var browser = service.browser()) {
            JsonNode tokens = signedIn(CodeFlow.ofGateway(service), "bob", browser);
            var response =
                    browser.get(
                            "/connect/logout?post_logout_redirect_uri=http://evil.test/"
                                    + "&id_token_hint="
                                    + tokens.get("id_token").asString());
            assertThat(response.statusCode()).isEqualTo(400);
        }
    }

    @Test
    void letsAnAdminMakeAndRevokeApiKeys() throws Exception {
        String admin = adminToken();
        var made =
                service.request(
                        "POST",
                        "/api/api-keys",
                        admin,
                        "{\"client\":\"reporting\",\"scopes\":[\"orders.read\"]}");
        assertThat(made.statusCode()).isEqualTo(201);
        String secret = json(made).get("secret").asString();
        secrets.add(secret);
        assertThat(secret).startsWith("weft_key_").hasSizeGreaterThan(50);
        JsonNode before = json(service.request("GET", "/api/api-keys", admin, ""));
        assertThat(before.toString())
                .contains(json(made).get("id").asString())
                .doesNotContain(secret);

        String path = "/api/api-keys/" + json(made).get("id").asString();
        assertThat(service.request("DELETE", path, admin, "").statusCode()).isEqualTo(204);
        assertThat(service.request("DELETE", path, admin, "").statusCode()).isEqualTo(404);
        JsonNode after = json(service.request("GET", "/api/api-keys", admin, ""));
        assertThat(after.get("sequence").asLong()).isGreaterThan(before.get("sequence").asLong());
        assertThat(after.toString()).doesNotContain(json(made).get("id").asString());
    }

    @Test
    void letsNobodyElseNearApiKeys() throws Exception {
        assertThat(service.get(service.uri("/api/api-keys")).statusCode()).isEqualTo(401);
        try (var browser = service.browser()) {
            String alice =
                    signedIn(CodeFlow.ofGateway(service), "alice", browser)
                            .get("access_token")
                            .asString();
            assertThat(service.request("GET", "/api/api-keys", alice, "").statusCode())
                    .isEqualTo(403);
        }
        try (var browser = service.browser()) {
            String passedOn =
                    signedIn(CodeFlow.ofGateway(service), "admin", browser)
                            .get("access_token")
                            .asString();
            assertThat(service.request("GET", "/api/api-keys", passedOn, "").statusCode())
                    .as("a token that services see does not administer")
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"client\":\"\"}",
                "{\"client\":\"a b\"}",
                "{\"client\":\"a\",\"scopes\":[\"a b\"]}",
                "{\"client\":\"a\",\"scopes\":[null]}",
                "{\"client\":\"a\",\"expires\":\"2001-01-01T00:00:00Z\"}",
                "{\"client\":\"a\",\"expires\":\"soon\"}",
                "[",
                ""
            })
    void refusesApiKeysThatMakeNoSense(String wish) throws Exception {
        var response = service.request("POST", "/api/api-keys", adminToken(), wish);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
    }

    private String adminToken() throws Exception {
        try (var browser = service.browser()) {
            browser.signIn("admin", service.passwordOf("admin"));
            var flow = CodeFlow.ofCommandLine(service, CLI_PORT, "openid weft.admin");
            var response = flow.authorize(browser);
            if (CodeFlow.codeOf(response).isEmpty()) {
                var form = Browser.hiddenOf(browser.get(locationOf(response)).body());
                form.put("scope", "weft.admin");
                response = browser.post("/oauth2/authorize", form);
            }
            JsonNode tokens = flow.tokens(CodeFlow.codeOf(response));
            remember(tokens);
            return tokens.get("access_token").asString();
        }
    }

    @Test
    void keepsEverythingOverARestart() throws Exception {
        try (var browser = service.browser()) {
            var flow = CodeFlow.ofGateway(service);
            String refresh = signedIn(flow, "alice", browser).get("refresh_token").asString();
            String keys = service.get(service.uri("/oauth2/jwks")).body();
            String password = service.passwordOf("alice");
            service.close();
            startAgain();
            assertThat(service.get(service.uri("/oauth2/jwks")).body()).isEqualTo(keys);
            assertThat(service.passwordOf("alice")).isEqualTo(password);
            var response =
                    service.post(
                            "gateway",
                            "/oauth2/token",
                            Map.of("grant_type", "refresh_token", "refresh_token", refresh));
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        }
    }

    private void startAgain() throws Exception {
        var settings = new ArrayList<>(database());
        settings.add("--weft.auth.demo.gateway.back-channel-logout-uri=" + listener.uri());
        settings.add("--logging.config=classpath:logback-file.xml");
        settings.add("--logging.file.name=" + directory.resolve("log"));
        service = RunningAuthService.startDemo(directory.resolve("state"), settings);
    }

    @Test
    void showsNoSecretAnywhere() throws Exception {
        try (var browser = service.browser()) {
            secrets.add("wrong-" + service.passwordOf("bob"));
            browser.signIn("alice", "wrong-" + service.passwordOf("bob"));
            signedIn(CodeFlow.ofGateway(service), "alice", browser);
            shown.add(browser.get("/").body());
        }
        for (String user : List.of("alice", "bob", "admin")) {
            secrets.add(service.passwordOf(user));
        }
        secrets.add(service.secretOf("gateway"));
        secrets.add(service.secretOf("demo-service"));
        Path state = directory.resolve("state");
        for (String file :
                List.of("demo-users.properties", "demo-clients.properties", "seal.key")) {
            if (Files.exists(state.resolve(file))) {
                assertThat(Files.getPosixFilePermissions(state.resolve(file)))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            }
        }
        if (Files.exists(state.resolve("seal.key"))) {
            secrets.add(Files.readString(state.resolve("seal.key")).strip());
        }
        for (String hidden :
                List.of("env", "heapdump", "configprops", "beans", "loggers", "threaddump")) {
            assertThat(service.get(service.management("/actuator/" + hidden)).statusCode())
                    .as(hidden)
                    .isEqualTo(404);
        }
        for (String open : List.of("", "/health", "/prometheus")) {
            var response = service.get(service.management("/actuator" + open));
            assertThat(response.statusCode()).isEqualTo(200);
            shown.add(response.body());
        }
        for (String wrong : List.of("/oauth2/token", "/oauth2/introspect", "/nowhere")) {
            shown.add(service.post("gateway", wrong, Map.of("token", "x")).body());
        }
        String everything =
                Files.readString(directory.resolve("log")) + "\n" + String.join("\n", shown);
        assertThat(everything).contains("Tomcat started");
        assertThat(secrets).hasSizeGreaterThan(8).noneMatch(everything::contains);
    }
}
