// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordedRequest;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Scripts;
import io.weft.conformance.raw.Wire;
import io.weft.dataplane.engine.Explanations;
import io.weft.dataplane.engine.Question;
import io.weft.gateway.control.PolicyHealthIndicator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractNameValueGatewayFilterFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** Filters that rules of the policy name: the user's, and Spring Cloud Gateway's. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class NamedFiltersTest {

    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final AtomicInteger MADE = new AtomicInteger();

    private static RecordingUpstream service;
    private static RunningGateway gateway;

    /** An application of a user. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class UsersApplication {
        @Bean("add-tenant")
        GatewayFilter addTenant() {
            return adding("x-tenant", "acme");
        }

        @Bean
        GatewayFilter veryFirst() {
            return new OrderedGatewayFilter(adding("x-first", "1"), Ordered.HIGHEST_PRECEDENCE);
        }

        @Bean
        GatewayFilter veryLast() {
            return new OrderedGatewayFilter(adding("x-last", "1"), Ordered.LOWEST_PRECEDENCE);
        }

        @Bean
        StampGatewayFilterFactory stamp() {
            return new StampGatewayFilterFactory();
        }
    }

    /** A user's own factory. */
    static class StampGatewayFilterFactory extends AbstractNameValueGatewayFilterFactory {
        @Override
        public GatewayFilter apply(NameValueConfig config) {
            MADE.incrementAndGet();
            return adding(
                    Objects.requireNonNull(config.getName()),
                    Objects.requireNonNull(config.getValue()));
        }
    }

    private static GatewayFilter adding(String name, String value) {
        return (exchange, chain) -> {
            RUNS.incrementAndGet();
            return chain.filter(exchange.mutate().request(it -> it.header(name, value)).build());
        };
    }

    @BeforeAll
    static void start() throws IOException {
        service = RecordingUpstream.start();
        gateway = RunningGateway.start(UsersApplication.class, Map.of());
        gateway.endpoints("app", List.of(new RunningGateway.Endpoint(service.address(), Map.of())));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        service.close();
        assertThat(service.failures()).isEmpty();
    }

    @BeforeEach
    void forget() {
        service.forget();
        service.answerWith(Scripts.text(200, "an answer"));
        RUNS.set(0);
        MADE.set(0);
    }

    /** One rule with filters for everything below /app, one without for the rest. */
    private static String policy(String filters) {
        return """
        weft:
          services:
            app: { mtls: permissive }
          routes:
            app:
              at: edge
              rules:
                filtered: { match: { path: { prefix: /app } }, to: { app: 1 }, filters: %s }
            rest:
              rules:
                plain: { to: { app: 1 } }
          access:
            anyone: { to: { services: [app] }, user: anyone, effect: allow }
            nobody: { to: { services: [app], paths: [/app/denied/**] }, user: anyone, effect: deny }
        """
                .formatted(filters);
    }

    private static RawResponse get(String path) throws IOException {
        try (RawClient client = RawClient.connect(gateway.address())) {
            return client.exchange(Wire.head("GET " + path + " HTTP/1.1", "Host: a.test"));
        }
    }

    private static RecordedRequest onlyRequest() {
        assertThat(service.requests()).hasSize(1);
        RecordedRequest request = service.requests().getFirst();
        assertThat(request.departures()).isEmpty();
        return request;
    }

    /** Spring Cloud Gateway's own, for the headers by which browsers protect a page. */
    @Test
    void addsSecureHeaders() throws IOException {
        gateway.policy(policy("[SecureHeaders]"));
        RawResponse answer = get("/app/x");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-frame-options")).hasValue("DENY");
        assertThat(answer.header("strict-transport-security")).isPresent();
        assertThat(answer.header("content-security-policy")).isPresent();
        assertThat(get("/x").header("x-frame-options")).isEmpty();
    }

    @Test
    void runsBeansOnTheirRuleOnly() throws IOException {
        gateway.policy(policy("[add-tenant]"));
        assertThat(get("/app/x").status()).isEqualTo(200);
        assertThat(onlyRequest().header("x-tenant")).hasValue("acme");
        service.forget();
        assertThat(get("/else").status()).isEqualTo(200);
        assertThat(onlyRequest().header("x-tenant")).isEmpty();
    }

    @Test
    void runsWhatFactoriesMake() throws IOException {
        gateway.policy(
                policy(
                        "[\"AddRequestHeader=x-a, b\", \"SetPath=/app/other\","
                                + " \"AddResponseHeader=x-c, d\", \"Stamp=x-stamp, #1\"]"));
        RawResponse response = get("/app/x");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("x-c")).hasValue("d");
        assertThat(onlyRequest().target()).isEqualTo("/app/other");
        assertThat(onlyRequest().header("x-a")).hasValue("b");
        assertThat(onlyRequest().header("x-stamp")).hasValue("#1");
    }

    @Test
    void runsThemBetweenAdmissionAndDispatchWhateverTheirOrder() throws IOException {
        gateway.policy(policy("[veryFirst, veryLast]"));
        assertThat(get("/app/x").status()).isEqualTo(200);
        assertThat(onlyRequest().header("x-first")).hasValue("1");
        assertThat(onlyRequest().header("x-last")).hasValue("1");
        RUNS.set(0);
        Problems.assertIn(get("/app/denied/x"), 403, "denied");
        assertThat(RUNS).hasValue(0);
    }

    @Test
    void judgesAgainWhatTheyChange() throws IOException {
        gateway.policy(policy("[SetPath=/app/denied/x]"));
        Problems.assertIn(get("/app/x"), 403, "denied");
        assertThat(service.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "no-such-filter, there is no bean and no factory of that name",
        "no-such-filter=1, there is no bean and no factory of that name",
        "add-tenant=1, there is no bean and no factory of that name",
        "policyChain, there is no bean and no factory of that name",
        "SetStatus, ''",
        "RequestSize=5MB, 1 arguments (expected: at most 0)",
        "SetStatus=soon, ''",
    })
    void refusesARulesRequestsWhenAFilterCannotBeMade(String filter, String why) throws Exception {
        gateway.policy(policy("[add-tenant, \"" + filter + "\"]"));

        String problem = "app/filtered: filter " + filter + ": " + why;
        assertThat(gateway.log())
                .anyMatch(line -> line.startsWith("ERROR") && line.contains(problem));
        assertThat(gateway.bean(PolicyHealthIndicator.class).health().getDetails().toString())
                .contains(problem);
        Problems.assertIn(get("/app/x"), 500, "fault");
        assertThat(service.requests()).isEmpty();
        assertThat(RUNS).hasValue(0);
        Problems.assertIn(get("/app/denied/x"), 403, "denied");
        assertThat(get("/else").status()).isEqualTo(200);

        gateway.policy(policy("[add-tenant]"));
        assertThat(get("/app/x").status()).isEqualTo(200);
        assertThat(gateway.bean(PolicyHealthIndicator.class).health().getDetails())
                .doesNotContainKey("problems");
    }

    @Test
    void makesThemOnceAsLongAsTheirRouteStaysTheSame() throws IOException {
        gateway.policy(policy("[\"Stamp=x-stamp, 1\"]"));
        get("/app/x");
        get("/app/x");
        gateway.policy(
                policy("[\"Stamp=x-stamp, 1\"]")
                        + "    other: { to: { services: [app] }, user: anyone, effect: allow }\n");
        get("/app/x");
        assertThat(MADE).hasValue(1);
        gateway.policy(policy("[\"Stamp=x-stamp, 2\"]"));
        get("/app/x");
        assertThat(MADE).hasValue(2);
        assertThat(service.requests().getLast().header("x-stamp")).hasValue("2");
    }

    @Test
    void explainsWhichThereAre() {
        gateway.policy(policy("[add-tenant, \"SetPath=/x\"]"));
        var question = new Question("GET", "a.test", "/app/x", List.of(), null, null);
        assertThat(gateway.bean(Explanations.class).request(question).orElseThrow())
                .contains("\"filters\":[\"add-tenant\",\"SetPath=/x\"]");
    }
}
