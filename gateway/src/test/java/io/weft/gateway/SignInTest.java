// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People with browsers, an issuer, and services that see neither cookie nor issuer. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SignInTest {

    private static final String SESSION = "weft-session";
    private static final String CALLBACK = "/login/oauth2/code/weft";

    private static TestIssuer issuer;
    private static RecordingUpstream service;
    private static RunningGateway gateway;
    private static URI base;
    private TestBrowser browser;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        issuer = TestIssuer.start();
        service = RecordingUpstream.start();
        Path secret = directory.resolve("secret");
        Files.writeString(secret, TestIssuer.SECRET + "\n");
        int port = freePort();
        base = URI.create("http://127.0.0.1:" + port);
        gateway =
                RunningGateway.start(
                        GatewayApplication.class,
                        Map.of(
                                "server.port", String.valueOf(port),
                                "weft.gateway.sign-in.issuer", issuer.name(),
                                "weft.gateway.sign-in.address", issuer.address(),
                                "weft.gateway.sign-in.client-secret-file", secret.toString(),
                                "weft.gateway.sign-in.base", base.toString()));
        gateway.policy(
                """
                weft:
                  services: { app: { mtls: permissive } }
                  routes:
                    app: { hosts: [127.0.0.1, other.test], rules: { all: { to: { app: 1 } } } }
                  tokens:
                    shop: { issuer: "%s", audiences: [weft], keys: "%s/jwks" }
                  access:
                    public: { to: { services: [app], paths: [/public] }, user: anyone, effect: allow }
                    people: { to: { services: [app], paths: [/mine, /send] }, user: { token: shop }, effect: allow }
                    admins: { to: { services: [app], paths: [/admin] }, user: { token: shop, roles: [shop-admin] }, effect: allow }
                """
                        .formatted(issuer.name(), issuer.address()));
        gateway.endpoints("app", List.of(new RunningGateway.Endpoint(service.address(), Map.of())));
        awaitKeys();
    }

    /** The gateway fetches the issuer's keys on its own time. */
    private static void awaitKeys() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> withToken(new TestBrowser(base), "/mine").statusCode() == 200);
    }

    private static HttpResponse<String> withToken(TestBrowser browser, String path)
            throws Exception {
        return browser.send(
                "GET",
                path,
                "authorization",
                "Bearer " + issuer.signed("at+jwt", "\"aud\":[\"weft\"]"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        service.close();
        issuer.close();
    }

    @BeforeEach
    void openBrowser() {
        browser = new TestBrowser(base);
        service.forget();
        service.answerWith(Scripts.text(200, "hello", "Set-Cookie: theirs=1; Path=/"));
        issuer.away = false;
        issuer.refusing = false;
        issuer.nonceInstead = null;
        issuer.life = Duration.ofMinutes(5);
        issuer.roles = "[\"user\"]";
    }

    /** To the issuer, back with a code, and to where it began. */
    private HttpResponse<String> signIn(String path) throws Exception {
        HttpResponse<String> answered = browser.follow(toIssuer(path));
        HttpResponse<String> back = browser.follow(answered);
        assertThat(back.statusCode()).as(back.body()).isEqualTo(303);
        assertThat(TestBrowser.location(back)).isEqualTo(base + path);
        return browser.follow(back);
    }

    private HttpResponse<String> toIssuer(String path) throws Exception {
        HttpResponse<String> redirect = browser.open(path);
        assertThat(redirect.statusCode()).isEqualTo(303);
        assertThat(TestBrowser.location(redirect)).startsWith(issuer.address() + "/authorize?");
        return redirect;
    }

    private static RecordedRequest onlyRequest() {
        assertThat(service.requests()).hasSize(1);
        return service.requests().getFirst();
    }

    // ---- people ---------------------------------------------------------------------------------

    @Test
    void signsInAndComesBackToWhereItWas() throws Exception {
        HttpResponse<String> page = signIn("/mine?a=1&b=%20c");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).isEqualTo("hello");
        RecordedRequest request = onlyRequest();
        assertThat(request.target()).isEqualTo("/mine?a=1&b=%20c");
        assertThat(request.header("authorization").orElse("")).startsWith("Bearer ey");
        assertThat(request.header("cookie")).isEmpty();
    }

    @Test
    void givesServicesAllCookiesButItsOwn() throws Exception {
        signIn("/mine");
        service.forget();
        browser.open("/mine");
        assertThat(onlyRequest().header("cookie")).hasValue("theirs=1");
        service.forget();
        browser.open("/public");
        assertThat(onlyRequest().header("cookie")).hasValue("theirs=1");
    }

    @Test
    void asksTheIssuerWithPkceStateAndNonce() throws Exception {
        URI asked = URI.create(TestBrowser.location(toIssuer("/mine")));
        assertThat(TestIssuer.parameters(asked.getRawQuery()))
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("redirect_uri", base + CALLBACK)
                .containsEntry("scope", "openid profile")
                .containsKeys("state", "nonce", "code_challenge");
    }

    @Test
    void hidesItsCookiesFromScriptsAndOtherSites() throws Exception {
        HttpResponse<String> back = browser.follow(browser.follow(toIssuer("/mine")));
        assertThat(back.headers().allValues("set-cookie"))
                .filteredOn(line -> line.startsWith(SESSION))
                .singleElement()
                .asString()
                .containsIgnoringCase("; HttpOnly")
                .contains("; Path=/", "; SameSite=Lax")
                .doesNotContain("Domain", "Max-Age");
    }

    @Test
    void tellsPeopleInWordsWhatTheyMayNot() throws Exception {
        signIn("/mine");
        HttpResponse<String> refused = browser.open("/admin");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("content-type"))
                .hasValue("text/html;charset=UTF-8");
        assertThat(refused.headers().firstValue("x-weft-decision")).isPresent();
    }

    @Test
    void letsThoseInWhoHaveTheRole() throws Exception {
        issuer.roles = "[\"user\",\"shop-admin\"]";
        assertThat(signIn("/admin").statusCode()).isEqualTo(200);
    }

    @Test
    void keepsSeveralAttemptsOfOneBrowserApart() throws Exception {
        HttpResponse<String> first;
        HttpResponse<String> second;
        do {
            // One in eight attempts takes the place of another.
            browser.cookies.clear();
            first = toIssuer("/mine?tab=1");
            second = toIssuer("/mine?tab=2");
        } while (browser.cookies.size() < 2);
        assertThat(TestBrowser.location(browser.follow(browser.follow(first))))
                .endsWith("/mine?tab=1");
        assertThat(TestBrowser.location(browser.follow(browser.follow(second))))
                .endsWith("/mine?tab=2");
    }

    // ---- programs -------------------------------------------------------------------------------

    @Test
    void neverRedirectsPrograms() throws Exception {
        for (String[] fields :
                List.of(
                        new String[] {"accept", "application/json"},
                        new String[] {"accept", "*/*"},
                        new String[] {"accept", "text/html", "sec-fetch-mode", "cors"})) {
            HttpResponse<String> refused = browser.send("GET", "/mine", fields);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("www-authenticate")).hasValue("Bearer");
            assertThat(refused.headers().firstValue("content-type"))
                    .hasValue("application/problem+json");
        }
        assertThat(browser.send("POST", "/mine", "accept", "text/html").statusCode())
                .isEqualTo(401);
    }

    @Test
    void judgesATokenOfTheirOwnAsItIs() throws Exception {
        signIn("/mine");
        assertThat(withToken(browser, "/mine").statusCode()).isEqualTo(200);
        HttpResponse<String> bad = browser.send("GET", "/mine", "authorization", "Bearer x.y.z");
        assertThat(bad.statusCode()).isEqualTo(401);
        assertThat(
                        browser.send(
                                        "GET",
                                        "/mine",
                                        "authorization",
                                        "Bearer x.y.z",
                                        "accept",
                                        "text/html")
                                .statusCode())
                .isEqualTo(401);
    }

    @Test
    void sendsNobodyToSignInFromAnotherHost() throws Exception {
        try (var client = RawClient.connect(gateway.address())) {
            String fields = "Host: other.test\r\nAccept: text/html\r\n\r\n";
            RawResponse refused = client.exchange("GET /mine HTTP/1.1\r\n" + fields);
            assertThat(refused.status()).isEqualTo(401);
        }
    }

    // ---- the end --------------------------------------------------------------------------------

    @Test
    void signsOutHereAndAtTheIssuer() throws Exception {
        signIn("/mine");
        String stolen = browser.cookies.get(SESSION);
        HttpResponse<String> out = browser.send("POST", "/logout", "sec-fetch-site", "same-origin");
        assertThat(out.statusCode()).isEqualTo(303);
        URI to = URI.create(TestBrowser.location(out));
        assertThat(to.toString()).startsWith(issuer.address() + "/logout?");
        assertThat(TestIssuer.parameters(to.getRawQuery()))
                .containsEntry("post_logout_redirect_uri", base + "/")
                .containsKey("id_token_hint");
        assertThat(browser.cookies).doesNotContainKey(SESSION);
        browser.cookies.put(SESSION, requireNonNull(stolen));
        assertThat(browser.open("/mine").statusCode()).isEqualTo(303);
    }

    @Test
    void refusesToSignOutForAnotherSite() throws Exception {
        signIn("/mine");
        for (String[] fields :
                List.of(
                        new String[] {"sec-fetch-site", "cross-site"},
                        new String[] {"sec-fetch-site", "same-site"},
                        new String[] {"origin", "https://evil.test"})) {
            assertThat(browser.send("POST", "/logout", fields).statusCode()).isEqualTo(403);
        }
        assertThat(browser.open("/logout").body()).contains("<form method=\"post\"");
        assertThat(browser.open("/mine").statusCode()).isEqualTo(200);
    }

    @Test
    void hasNoSessionForWhatAnotherSiteSends() throws Exception {
        signIn("/mine");
        assertThat(browser.send("POST", "/send", "origin", "https://evil.test").statusCode())
                .isEqualTo(401);
        assertThat(browser.send("POST", "/send", "origin", base.toString()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void endsASessionWhenTheIssuerSaysSo() throws Exception {
        signIn("/mine");
        assertThat(backChannel(logout("\"x\":{}")).statusCode()).isEqualTo(400);
        assertThat(backChannel(issuer.signed("at+jwt", "\"aud\":[\"gateway\"]")).statusCode())
                .isEqualTo(400);
        assertThat(browser.open("/mine").statusCode()).isEqualTo(200);
        String event = "\"http://schemas.openid.net/event/backchannel-logout\":{}";
        assertThat(backChannel(logout(event)).statusCode()).isEqualTo(200);
        assertThat(browser.open("/mine").statusCode()).isEqualTo(303);
    }

    private static String logout(String event) {
        return issuer.signed(
                "logout+jwt",
                "\"aud\":[\"gateway\"],\"sid\":\"%s\",\"events\":{%s}"
                        .formatted(TestIssuer.SID, event));
    }

    private static HttpResponse<String> backChannel(String token) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(base.resolve("/logout/connect/back-channel/weft"))
                                .header("content-type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("logout_token=" + token))
                                .build(),
                        BodyHandlers.ofString());
    }

    // ---- renewal --------------------------------------------------------------------------------

    @Test
    void renewsTokensOnceForAllWhoAsk() throws Exception {
        issuer.life = Duration.ofSeconds(1);
        signIn("/mine");
        issuer.life = Duration.ofMinutes(5);
        int before = issuer.refreshes();
        Callable<Integer> request = () -> browser.send("GET", "/mine").statusCode();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> all =
                    threads.invokeAll(IntStream.range(0, 20).mapToObj(_ -> request).toList());
            for (Future<Integer> each : all) {
                assertThat(each.get()).isEqualTo(200);
            }
        }
        assertThat(issuer.refreshes() - before).isLessThanOrEqualTo(1);
        assertThat(browser.send("GET", "/mine").statusCode()).isEqualTo(200);
    }

    @Test
    void isSignedOutWhenTheIssuerRefusesToRenew() throws Exception {
        issuer.life = Duration.ofSeconds(1);
        issuer.refusing = true;
        signIn("/mine");
        await().until(() -> browser.send("GET", "/mine").statusCode() == 401);
        issuer.refusing = false;
        assertThat(browser.open("/mine").statusCode()).isEqualTo(303);
    }

    @Test
    void keepsSessionsWhileTheIssuerIsAway() throws Exception {
        signIn("/mine");
        issuer.away = true;
        assertThat(browser.open("/mine").statusCode()).isEqualTo(200);
        var other = new TestBrowser(base);
        await().untilAsserted(
                        () -> {
                            HttpResponse<String> page = other.open("/mine");
                            assertThat(page.statusCode()).isEqualTo(503);
                            assertThat(page.headers().firstValue("retry-after")).isPresent();
                            assertThat(page.body()).contains("Sign-in is not available");
                        });
        assertThat(other.send("GET", "/mine").statusCode()).isEqualTo(401);
    }

    // ---- those who mean harm --------------------------------------------------------------------

    @Test
    void refusesAStateThatThisBrowserDoesNotKnow() throws Exception {
        HttpResponse<String> theirs = browser.follow(toIssuer("/mine"));
        var victim = new TestBrowser(base);
        assertThat(victim.follow(theirs).statusCode()).isEqualTo(400);
        assertThat(victim.open(CALLBACK + "?code=a&state=b").statusCode()).isEqualTo(400);
        assertThat(victim.open(CALLBACK).statusCode()).isEqualTo(400);
        assertThat(victim.cookies).doesNotContainKey(SESSION);
    }

    @Test
    void refusesTheCodeOfAnotherSignIn() throws Exception {
        var attacker = new TestBrowser(base);
        HttpResponse<String> theirs = attacker.follow(attacker.open("/mine"));
        String code =
                requireNonNull(
                        TestIssuer.parameters(
                                        URI.create(TestBrowser.location(theirs)).getRawQuery())
                                .get("code"));
        String state =
                requireNonNull(
                        TestIssuer.parameters(
                                        URI.create(TestBrowser.location(toIssuer("/mine")))
                                                .getRawQuery())
                                .get("state"));
        HttpResponse<String> refused = browser.open(CALLBACK + "?code=" + code + "&state=" + state);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(browser.cookies).doesNotContainKey(SESSION);
    }

    @Test
    void refusesTheAnswerOfAnotherIssuerAndAnotherNonce() throws Exception {
        String answer = TestBrowser.location(browser.follow(toIssuer("/mine")));
        assertThat(browser.open(answer.replace("iss=http://id.test", "iss=http://x")).statusCode())
                .isEqualTo(400);
        issuer.nonceInstead = "of-somebody-else";
        assertThat(browser.follow(browser.follow(toIssuer("/mine"))).statusCode()).isEqualTo(400);
        assertThat(browser.cookies).doesNotContainKey(SESSION);
    }

    @Test
    void takesNoSessionIdFromAnybody() throws Exception {
        browser.cookies.put(SESSION, "fixed-by-somebody-else");
        signIn("/mine");
        assertThat(browser.cookies.get(SESSION)).isNotEqualTo("fixed-by-somebody-else");
        String first = browser.cookies.get(SESSION);
        browser.follow(browser.follow(browser.open("/oauth2/authorization/weft")));
        assertThat(browser.cookies.get(SESSION)).isNotEqualTo(first);
        browser.cookies.put(SESSION, requireNonNull(first));
        assertThat(browser.open("/mine").statusCode()).isEqualTo(303);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.test/",
                "//evil.test/",
                "/%5Cevil.test/",
                "%09//evil.test",
                "javascript:alert(1)",
                "/%0d%0aset-cookie:a=b"
            })
    void leadsNowhereElse(String to) throws Exception {
        HttpResponse<String> begun = browser.open("/oauth2/authorization/weft?to=" + to);
        HttpResponse<String> back = browser.follow(browser.follow(begun));
        assertThat(TestBrowser.location(back)).isEqualTo(base + "/");
    }

    @Test
    void takesCookiesThatNobodyGaveForNone() throws Exception {
        for (String value : List.of("x", "\"", "a=b", "%00", "x".repeat(9_000))) {
            browser.cookies.put(SESSION, value);
            IntStream.range(0, 8).forEach(i -> browser.cookies.put("weft-sign-in-" + i, "AAAA"));
            assertThat(browser.send("GET", "/mine").statusCode()).isEqualTo(401);
            assertThat(browser.open(CALLBACK + "?code=a&state=b").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void refusesMethodsThatItsOwnPathsDoNotHave() throws Exception {
        assertThat(browser.send("PUT", "/logout").statusCode()).isEqualTo(405);
        assertThat(browser.send("POST", CALLBACK).statusCode()).isEqualTo(405);
    }
}
