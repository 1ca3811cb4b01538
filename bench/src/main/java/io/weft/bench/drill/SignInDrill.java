// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * People with a real browser, through the real edge to the demo shop: who has the role sees the
 * owners' page, who has not is told so, and whoever signs out is out. Programs get 401, and nobody
 * who is signed in needs the auth service.
 */
final class SignInDrill implements Drill {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String OWNERS = "/admin";
    private static final String SESSION = "weft-session";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Override
    public boolean run(Path root) throws Exception {
        var findings = new Findings("sign-in: people with browsers");
        if (!Chromium.isHere()) {
            boolean mayBeMissing = !"true".equals(System.getenv("CI"));
            findings.check("a browser", Chromium.EXPECTED, "there, or skipped", mayBeMissing);
            return findings.end();
        }
        try (var stack = new Stack(root)) {
            stack.offerSignIn();
            stack.policy("shop.yml", Files.readString(root.resolve("demo/policy/shop.yml")));
            stack.startControlPlane();
            stack.startShopService("catalog");
            stack.startShopService("storefront");
            stack.startEdge();
            Stack.await(Stack.PATIENCE, () -> Stack.isOk(stack.site() + "/catalog"));
            programs(stack, findings);
            alice(stack, findings);
            bob(stack, findings);
            withoutAuthService(stack, findings);
        }
        return findings.end();
    }

    private void programs(Stack stack, Findings findings) throws Exception {
        HttpResponse<String> answer = ask(stack, "");
        String challenge = answer.headers().firstValue("www-authenticate").orElse("none");
        findings.check(
                "a program without a token",
                answer.statusCode() + " " + challenge,
                "401 Bearer",
                answer.statusCode() == 401 && challenge.equals("Bearer"));
    }

    private HttpResponse<String> ask(Stack stack, String cookie) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(stack.site() + OWNERS)).timeout(PATIENCE);
        if (!cookie.isEmpty()) {
            request.header("cookie", cookie);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private void alice(Stack stack, Findings findings) throws Exception {
        try (var browser = Chromium.open()) {
            browser.go(stack.site() + OWNERS);
            sees(browser, findings, "alice is sent to sign in", "Sign in", stack.signInSite());
            signIn(browser, stack, "alice");
            sees(browser, findings, "alice is where she was", "The books", stack.site() + OWNERS);
            String cookie = SESSION + "=" + browser.cookie(SESSION);
            findings.check(
                    "scripts see of the session's cookie",
                    browser.run("return document.cookie"),
                    "nothing",
                    browser.run("return document.cookie").isEmpty());
            browser.press("Sign out");
            sees(browser, findings, "alice signs out", "The Weft shop", stack.site() + "/");
            int replayed = ask(stack, cookie).statusCode();
            findings.check("her cookie afterwards", "" + replayed, "401", replayed == 401);
            browser.go(stack.site() + OWNERS);
            sees(browser, findings, "alice is asked again", "Sign in", stack.signInSite());
        }
    }

    private void bob(Stack stack, Findings findings) throws Exception {
        try (var browser = Chromium.open()) {
            browser.go(stack.site() + OWNERS);
            signIn(browser, stack, "bob");
            sees(browser, findings, "bob is refused", "Access denied", stack.site() + OWNERS);
            String cookie = SESSION + "=" + browser.cookie(SESSION);
            int refused = ask(stack, cookie).statusCode();
            findings.check("by the edge, with", "" + refused, "403", refused == 403);
            browser.go(stack.signInSite() + "/");
            browser.press("Sign out everywhere");
            boolean told = Stack.await(PATIENCE, () -> isOut(stack, cookie));
            findings.check(
                    "he signs out at the auth service, and the edge",
                    told ? "knows" : "does not",
                    "knows",
                    told);
        }
    }

    private boolean isOut(Stack stack, String cookie) {
        try {
            return ask(stack, cookie).statusCode() == 401;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void withoutAuthService(Stack stack, Findings findings) throws Exception {
        try (var browser = Chromium.open();
                var other = Chromium.open()) {
            browser.go(stack.site() + OWNERS);
            signIn(browser, stack, "alice");
            sees(browser, findings, "alice is back", "The books", stack.site() + OWNERS);
            stack.kill(Stack.AUTH_SERVICE);
            browser.go(stack.site() + OWNERS);
            sees(
                    browser,
                    findings,
                    "the auth service is gone, for alice",
                    "The books",
                    stack.site() + OWNERS);
            boolean said =
                    Stack.await(
                            PATIENCE,
                            () -> {
                                other.go(stack.site() + OWNERS);
                                return other.heading().equals("Sign-in is not available");
                            });
            findings.check("and for others", other.heading(), "Sign-in is not available", said);
        }
    }

    private static void signIn(Chromium browser, Stack stack, String user) throws IOException {
        Stack.await(PATIENCE, () -> browser.heading().equals("Sign in"));
        browser.type("username", user);
        browser.type("password", Objects.requireNonNull(stack.password(user)));
        browser.press("Sign in");
    }

    private static void sees(
            Chromium browser, Findings findings, String what, String heading, String at) {
        boolean seen =
                Stack.await(
                        PATIENCE,
                        () ->
                                browser.heading().equals(heading)
                                        && browser.address().startsWith(at));
        findings.check(what, browser.heading(), heading, seen);
    }
}
