// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.authservice.fixture.Browser;
import io.weft.authservice.fixture.RunningAuthService;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstStartTest {

    private static final Pattern SECRET = Pattern.compile("not shown again: ([A-Za-z0-9_-]{43})");

    private static final String PASSWORD = "correct horse battery";

    @TempDir Path directory;

    private RunningAuthService start() {
        return RunningAuthService.start(directory.resolve("state"), logged());
    }

    private List<String> logged() {
        return List.of(
                "--logging.config=classpath:logback-file.xml",
                "--logging.file.name=" + directory.resolve("log"));
    }

    @Test
    void letsTheFirstAdminInOnceAndNobodyOfTheDemo() throws Exception {
        String alice;
        try (var demo = RunningAuthService.startDemo(directory.resolve("state"), logged())) {
            alice = demo.passwordOf("alice");
        }
        assertThat(secretsInLog()).isEmpty();
        try (var service = start();
                var browser = service.browser()) {
            var refused = browser.signIn("alice", alice);
            assertThat(Browser.locationOf(refused).getQuery()).isEqualTo("error");

            String secret = secretsInLog().getFirst();
            assertThat(setPassword(browser, secret, "short", "short").statusCode()).isEqualTo(400);
            assertThat(setPassword(browser, secret, PASSWORD, "another horse").statusCode())
                    .isEqualTo(400);
            assertThat(setPassword(browser, "A".repeat(43), PASSWORD, PASSWORD).statusCode())
                    .isEqualTo(400);
            assertThat(setPassword(browser, secret, PASSWORD, PASSWORD).body())
                    .contains("The password of <strong>admin</strong> is set.");
            assertThat(
                            setPassword(browser, secret, "something else", "something else")
                                    .statusCode())
                    .isEqualTo(400);
            browser.signIn("ADMIN ", PASSWORD);
            assertThat(browser.get("/").body()).contains("as <strong>admin</strong>");
        }
        try (var service = start();
                var browser = service.browser()) {
            browser.signIn("admin", PASSWORD);
            assertThat(browser.get("/").body()).contains("as <strong>admin</strong>");
        }
        assertThat(secretsInLog()).hasSize(1);
        assertThat(Files.readString(directory.resolve("log"))).doesNotContain(PASSWORD);
    }

    private List<String> secretsInLog() throws Exception {
        Matcher matcher = SECRET.matcher(Files.readString(directory.resolve("log")));
        return matcher.results().map(each -> each.group(1)).toList();
    }

    private static HttpResponse<String> setPassword(
            Browser browser, String secret, String password, String repeated) throws Exception {
        return browser.fillIn(
                "/welcome", Map.of("secret", secret, "password", password, "repeated", repeated));
    }
}
