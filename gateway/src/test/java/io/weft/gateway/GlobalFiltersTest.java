// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.conformance.raw.Ending;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Policy routes in Spring: the user's global filters, and answers that Spring would give. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class GlobalFiltersTest {

    private static final String BODY = "some words";

    private static RecordingUpstream service;
    private static RunningGateway gateway;
    private RawClient client;

    /** An application of a user. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class UsersApplication {
        @Bean
        UsersFilters within() {
            return new UsersFilters("x-do", 0);
        }

        @Bean
        UsersFilters around() {
            return new UsersFilters("x-do-around", -2);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        service = RecordingUpstream.start();
        gateway = RunningGateway.start(UsersApplication.class, Map.of());
        gateway.policy(EdgePolicies.publicBelowApp());
        gateway.endpoints("app", List.of(new RunningGateway.Endpoint(service.address(), Map.of())));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        service.close();
        assertThat(service.failures()).isEmpty();
    }

    @BeforeEach
    void connect() throws IOException {
        service.forget();
        service.answerWith(Scripts.text(200, "an answer"));
        client = RawClient.connect(gateway.address());
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
    }

    /** Whatever a filter did, the connection is in step, or it was said that it ends. */
    private void assertInStep(RawResponse last) throws IOException {
        if (last.head().keepsConnection()) {
            service.answerWith(Scripts.text(200, "next"));
            assertThat(client.exchange(get("/app/next", "x-y: z")).text()).isEqualTo("next");
        } else {
            assertThat(client.awaitEnd()).isEqualTo(Ending.CLOSED);
        }
    }

    private static String get(String target, String line) {
        return "GET " + target + " HTTP/1.1\r\nHost: a.test\r\n" + line + "\r\n\r\n";
    }

    private RawResponse get(String filter) throws IOException {
        return client.exchange(get("/app/x", "x-do: " + filter));
    }

    private RawResponse post(String line, String body) throws IOException {
        return client.exchange(
                "POST /app/x HTTP/1.1\r\nHost: a.test\r\n%s\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(line, body.length(), body));
    }

    private static RecordedRequest onlyRequest() {
        assertThat(service.requests()).hasSize(1);
        RecordedRequest request = service.requests().getFirst();
        assertThat(request.departures()).isEmpty();
        return request;
    }

    @Test
    void claimsNoPathWhereNobodyCanSignIn() throws IOException {
        for (String path : List.of("/logout", "/login/oauth2/code/weft?code=a&state=b")) {
            RawResponse answer = client.exchange(get(path, "Accept: text/html"));
            assertThat(answer.status()).isEqualTo(404);
        }
        assertThat(client.exchange(get("/app/x", "Cookie: weft-session=x")).status())
                .isEqualTo(200);
        assertThat(onlyRequest().header("cookie")).hasValue("weft-session=x");
    }

    // ---- requests -------------------------------------------------------------------------------

    @Test
    void sendsWhatTheyAdded() throws IOException {
        assertThat(get("add-field").status()).isEqualTo(200);
        assertThat(onlyRequest().header("x-added")).hasValue("yes");
        assertThat(onlyRequest().header("x-forwarded-for")).hasValue("127.0.0.1");
    }

    @Test
    void doesNotSendWhatTheyTookAway() throws IOException {
        client.exchange(get("/app/x", "x-do: hide-field\r\nx-hidden: 1"));
        assertThat(onlyRequest().header("x-hidden")).isEmpty();
    }

    @Test
    void sendsToTheirPath() throws IOException {
        assertThat(get("to-allowed").status()).isEqualTo(200);
        assertThat(onlyRequest().target()).isEqualTo("/app/other");
    }

    @Test
    void judgesTheirPathAgain() throws IOException {
        RawResponse response = get("to-denied");
        Problems.assertIn(response, 403, "denied");
        assertThat(service.requests()).isEmpty();
    }

    @Test
    void judgesThePathOfTheClientBeforeTheyChangeIt() throws IOException {
        Problems.assertIn(client.exchange(get("/app/denied/x", "x-do: to-allowed")), 403, "denied");
        assertThat(service.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"to-ambiguous", "smuggle", "reframe"})
    void sendsNothingThatCouldBeReadInTwoWays(String filter) throws IOException {
        RawResponse response = filter.equals("reframe") ? post("x-do: reframe", BODY) : get(filter);
        Problems.assertIn(response, 400, "client");
        assertThat(service.requests()).isEmpty();
        assertInStep(response);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-do: hop",
                "x-do: hop-bodies",
                "x-do: cache",
                "x-do-around: hop",
                "x-do-around: hop-bodies",
                "x-do-around: cache"
            })
    void takesBodiesFromWhateverThread(String line) throws IOException {
        for (int i = 0; i < 20; i++) {
            service.forget();
            RawResponse response = post(line, BODY);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("an answer");
            assertThat(Wire.text(onlyRequest().body())).isEqualTo(BODY);
        }
    }

    @Test
    void takesLongBodiesFromOtherThreads() throws IOException {
        String body = "0123456789abcdef".repeat(64 * 1024);
        service.answerWith(
                exchange -> {
                    exchange.readBody();
                    exchange.startChunks(200);
                    exchange.chunk(body);
                    exchange.chunk(body);
                    exchange.endChunks();
                });
        RawResponse response = post("x-do-around: hop-bodies", body);
        assertThat(response.text()).isEqualTo(body + body);
        assertThat(Wire.text(onlyRequest().body())).isEqualTo(body);
    }

    @Test
    void carriesTheirBodies() throws IOException {
        RawResponse response = post("x-do-around: shout", BODY);
        assertThat(response.text()).isEqualTo("AN ANSWER");
        assertThat(Wire.text(onlyRequest().body())).isEqualTo("SOME WORDS");
    }

    // ---- responses ------------------------------------------------------------------------------

    @Test
    void letsThemChangeTheResponsesHead() throws IOException {
        RawResponse response = get("mark");
        assertThat(response.header("x-marked")).hasValue("yes");
        assertThat(response.header("x-upstream")).isEmpty();
        assertThat(response.text()).isEqualTo("an answer");
    }

    @Test
    void letsThemAnswer() throws IOException {
        RawResponse response = post("x-do: answer", BODY);
        assertThat(response.status()).isEqualTo(402);
        assertThat(response.text()).isEqualTo("pay first");
        assertThat(service.requests()).isEmpty();
        assertInStep(response);
    }

    @Test
    void letsTheServiceAnswerPreflights() throws IOException {
        service.answerWith(Scripts.text(204, "", "Access-Control-Allow-Origin: *"));
        RawResponse response =
                client.exchange(
                        """
                        OPTIONS /app/x HTTP/1.1\r
                        Host: a.test\r
                        Origin: https://other.test\r
                        Access-Control-Request-Method: PUT\r
                        x-do: add-field\r
                        \r
                        """);
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.header("Access-Control-Allow-Origin")).hasValue("*");
        assertThat(onlyRequest().method()).isEqualTo("OPTIONS");
        assertThat(onlyRequest().header("x-added")).hasValue("yes");
        assertInStep(response);
    }

    @Test
    void judgesPreflights() throws IOException {
        RawResponse response =
                client.exchange(
                        """
                        OPTIONS /app/denied/x HTTP/1.1\r
                        Host: a.test\r
                        Origin: https://other.test\r
                        Access-Control-Request-Method: PUT\r
                        \r
                        """);
        Problems.assertIn(response, 403, "denied");
        assertThat(service.requests()).isEmpty();
        assertInStep(response);
    }

    @Test
    void keepsAStatusThatTheyChose() throws IOException {
        RawResponse response = get("choose");
        assertThat(response.status()).isEqualTo(409);
        assertInStep(response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "fail-later", "fail-after"})
    void saysNothingOfTheirFailures(String filter) throws IOException {
        RawResponse response = post("x-do: " + filter, BODY);
        Problems.assertIn(response, 500, "fault");
        assertThat(response.text()).doesNotContain("secret").doesNotContain("Exception");
        assertThat(gateway.log()).anyMatch(line -> line.contains("IllegalStateException: secret"));
        assertInStep(response);
    }

    @Test
    void keepsAResponseWhenTheyFailBehindIt() throws IOException {
        RawResponse response = client.exchange(get("/app/x", "x-do-around: fail-after"));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("an answer");
    }

    @Test
    void answersOnceHoweverOftenTheyAsk() throws IOException {
        RawResponse response = get("repeat");
        assertThat(response.text()).isEqualTo("an answer");
        assertThat(service.requests()).hasSize(2);
        assertInStep(response);
    }

    @Test
    void sendsNothingOnWhenThereIsAnAnswer() throws IOException {
        RawResponse response = client.exchange(get("/app/x", "x-do-around: repeat"));
        assertThat(response.text()).isEqualTo("an answer");
        await().until(() -> gateway.log().stream().anyMatch(it -> it.contains("been answered")));
        assertThat(service.requests()).hasSize(1);
    }

    @Test
    void sendsNoBodyThatIsShorterThanItSays() throws IOException {
        RawResponse response = post("x-do: empty", BODY);
        Problems.assertIn(response, 500, "fault");
        assertThat(service.requests()).noneMatch(RecordedRequest::complete);
        assertInStep(response);
    }

    @Test
    void sendsNoBodyThatTheyHaveSpent() throws IOException {
        RawResponse response = post("x-do: repeat", BODY);
        Problems.assertIn(response, 500, "fault");
        assertInStep(response);
    }
}
