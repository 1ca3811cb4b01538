// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.raw.Ending;
import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The user's own routes and controllers beside the policy: {@code own-routes.yml}. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class OwnRoutesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static RecordingUpstream upstream;
    private static RecordingUpstream service;
    private static RunningGateway gateway;
    private RawClient client;

    /** An application of a user. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Greeting.class)
    static class UsersApplication {}

    @RestController
    static class Greeting {
        @GetMapping("/greeting")
        String greeting() {
            return "hello";
        }
    }

    @BeforeAll
    static void start() throws IOException {
        upstream = RecordingUpstream.start("own", Scripts.echo());
        service = RecordingUpstream.start("service", Scripts.echo());
        gateway =
                RunningGateway.start(
                        UsersApplication.class,
                        Map.of(
                                "spring.config.name",
                                "own-routes",
                                "upstream",
                                "http://127.0.0.1:" + upstream.address().getPort()));
        gateway.policy(EdgePolicies.publicBelowApp());
        gateway.endpoints("app", List.of(new RunningGateway.Endpoint(service.address(), Map.of())));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        upstream.close();
        service.close();
        assertThat(upstream.failures()).isEmpty();
    }

    @BeforeEach
    void connect() throws IOException {
        upstream.forget();
        upstream.answerWith(Scripts.echo());
        client = RawClient.connect(gateway.address());
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
    }

    private static String get(String host, String target, String... lines) {
        return request("GET", host, target, lines);
    }

    private static String request(String method, String host, String target, String... lines) {
        return method
                + " "
                + target
                + " HTTP/1.1\r\nHost: "
                + host
                + "\r\n"
                + (lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n")
                + "\r\n";
    }

    private static RecordedRequest onlyRequest() {
        assertThat(upstream.requests()).hasSize(1);
        return upstream.requests().getFirst();
    }

    // ---- whose is it? ---------------------------------------------------------------------------

    @Test
    void refusesARouteThatNobodyOpened() throws IOException {
        for (int i = 0; i < 3; i++) {
            Problems.assertIn(client.exchange(get("own.test", "/closed/x")), 403, "denied");
        }
        assertThat(upstream.requests()).isEmpty();
        assertThat(gateway.log())
                .filteredOn(line -> line.contains("Spring route closed is refused"))
                .singleElement()
                .asString()
                .contains("weft.gateway.open-routes: closed");
    }

    @Test
    void keepsRoutesThatNobodyOpenedFromTheManagementPort() throws IOException {
        try (var management = RawClient.connect(gateway.managementAddress())) {
            assertThat(management.exchange(get("own.test", "/closed/x")).status()).isEqualTo(404);
            assertThat(management.exchange(get("own.test", "/own/x")).status()).isEqualTo(404);
            assertThat(management.exchange(get("a.test", "/app/x")).status()).isEqualTo(404);
            assertThat(management.exchange(get("own.test", "/greeting")).status()).isEqualTo(404);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void keepsPredicatesAndFiltersOfOpenRoutes() throws IOException {
        RawResponse response = client.exchange(get("own.test", "/own/a%20b?q=1"));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("x-from-own")).hasValue("yes");
        assertThat(onlyRequest().target()).isEqualTo("/rewritten/a%20b?q=1");
        assertThat(onlyRequest().header("x-own")).hasValue("yes");
    }

    @Test
    void asksEveryPredicate() throws IOException {
        String body = "x-number: 1\r\nContent-Length: 2";
        RawResponse matching =
                client.exchange(request("POST", "own.test", "/one/two/x", body) + "ab");
        assertThat(matching.status()).isEqualTo(200);
        assertThat(onlyRequest().target()).isEqualTo("/x");
        assertThat(Wire.text(onlyRequest().body())).isEqualTo("ab");

        Problems.assertIn(
                client.exchange(get("own.test", "/one/two/x", "x-number: 1")), 404, "no-route");
        Problems.assertIn(
                client.exchange(
                        request(
                                "POST",
                                "own.test",
                                "/one/two/x",
                                "x-number: a",
                                "Content-Length: 0")),
                404,
                "no-route");
    }

    @Test
    void putsThePolicysHostsFirst() throws IOException {
        assertThat(client.exchange(get("a.test", "/app/x")).header("X-Upstream"))
                .hasValue("service");
        Problems.assertIn(client.exchange(get("a.test", "/elsewhere")), 404, "no-route");
        Problems.assertIn(client.exchange(get("a.test", "/own/x")), 404, "no-route");
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void leavesHostsThatThePolicyDoesNotKnowToThem() throws IOException {
        assertThat(client.exchange(get("other.test", "/own/x")).header("X-Upstream"))
                .hasValue("own");
    }

    @Test
    void answersWhatIsNobodys() throws IOException {
        Problems.assertIn(client.exchange(get("own.test", "/nobody")), 404, "no-route");
        Problems.assertIn(client.exchange(get("own.test", "/actuator/health")), 404, "no-route");
    }

    @Test
    void servesControllersBesideThePolicy() throws IOException {
        assertThat(client.exchange(get("own.test", "/greeting")).text()).isEqualTo("hello");
        assertThat(client.exchange(get("own.test", "/app/x")).status()).isEqualTo(404);
    }

    // ---- what is sent ---------------------------------------------------------------------------

    @Test
    void namesItselfAndDropsWhatIsForTheConnection() throws IOException {
        client.exchange(
                get(
                        "own.test",
                        "/own/x",
                        "Connection: x-hop, keep-alive",
                        "Keep-Alive: timeout=5",
                        "TE: trailers",
                        "X-Hop: 1",
                        "Proxy-Authorization: Basic eA=="));

        RecordedRequest request = onlyRequest();
        assertThat(request.header("via"))
                .hasValueSatisfying(via -> assertThat(via).startsWith("1.1 gateway-"));
        for (String dropped :
                List.of("x-hop", "keep-alive", "te", "proxy-authorization", "upgrade")) {
            assertThat(request.header(dropped)).as(dropped).isEmpty();
        }
        assertThat(request.departures()).isEmpty();
    }

    @Test
    void believesNoForwardedFieldOfAClient() throws IOException {
        client.exchange(
                get(
                        "own.test",
                        "/own/x",
                        "X-Forwarded-For: 192.0.2.1",
                        "X-Forwarded-Proto: https",
                        "X-Forwarded-Host: evil.test",
                        "Forwarded: for=192.0.2.1"));

        assertThat(onlyRequest().toString())
                .doesNotContain("192.0.2.1")
                .doesNotContain("evil.test");
    }

    @Test
    void keepsKeysOfTheMeshToItself() throws IOException {
        client.exchange(get("own.test", "/own/x", "X-Api-Key: weft_key_secret", "x-api-key: mine"));

        assertThat(onlyRequest().header("x-api-key")).hasValue("mine");
        assertThat(onlyRequest().toString()).doesNotContain("weft_key_");
    }

    @Test
    void streamsBodiesBothWays() throws IOException {
        upstream.answerWith(
                exchange -> {
                    var block = new byte[64];
                    int read = exchange.readBody(block);
                    exchange.startChunks(200);
                    while (read >= 0) {
                        exchange.chunk(new String(block, 0, read, US_ASCII));
                        read = exchange.readBody(block);
                    }
                    exchange.endChunks();
                });
        client.write(request("POST", "own.test", "/own/echo", "Transfer-Encoding: chunked"));
        client.write("5\r\nfirst\r\n");
        var body = client.body(client.readHead(), "POST");
        var block = new byte[64];

        // Each piece comes back before the next one is sent.
        assertThat(new String(block, 0, body.read(block), US_ASCII)).isEqualTo("first");
        client.write("6\r\nsecond\r\n");
        assertThat(new String(block, 0, body.read(block), US_ASCII)).isEqualTo("second");
        client.write("0\r\n\r\n");
        assertThat(body.read(block)).isNegative();
    }

    @Test
    void invitesBodiesThatWaitForIt() throws IOException {
        client.write(
                request("POST", "own.test", "/own/x", "Expect: 100-continue", "Content-Length: 4"));
        assertThat(client.readHead().status()).isEqualTo(100);
        client.write("body");

        assertThat(client.readResponse("POST").status()).isEqualTo(200);
        assertThat(Wire.text(onlyRequest().body())).isEqualTo("body");
    }

    @Test
    void leavesTheServiceWithItsClient() throws Exception {
        var gone = new CompletableFuture<Optional<Ending>>();
        upstream.answerWith(
                exchange -> {
                    exchange.startChunks(200);
                    exchange.chunk("first");
                    gone.complete(exchange.awaitPeerGone(PATIENCE));
                });
        client.write(get("own.test", "/own/endless"));
        assertThat(client.readHead().status()).isEqualTo(200);
        client.close();

        assertThat(gone.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isPresent();
    }

    @Test
    void servesTheNextRequestOfTheConnectionWhoeverServedTheLast() throws IOException {
        client.write(
                get("own.test", "/own/1")
                        + get("a.test", "/app/2")
                        + get("own.test", "/greeting")
                        + get("own.test", "/nobody")
                        + get("own.test", "/own/5"));

        assertThat(client.readResponse("GET").header("X-Upstream")).hasValue("own");
        assertThat(client.readResponse("GET").header("X-Upstream")).hasValue("service");
        assertThat(client.readResponse("GET").text()).isEqualTo("hello");
        assertThat(client.readResponse("GET").status()).isEqualTo(404);
        assertThat(client.readResponse("GET").header("X-Upstream")).hasValue("own");
    }
}
