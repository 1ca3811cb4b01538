// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.raw.RawClient;
import io.weft.conformance.raw.RawResponse;
import io.weft.conformance.raw.RecordingUpstream;
import io.weft.conformance.raw.Wire;
import io.weft.dataplane.engine.Explanations;
import io.weft.dataplane.engine.Question;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Access rules are about what arrives at a service, not about what a visitor asked for. */
class RewritesAndAccessTest {

    private static final String POLICY =
            """
            weft:
              services:
                app: { mtls: permissive }
              routes:
                app:
                  rules:
                    inside: { match: { path: { prefix: /outside } }, to: { app: 1 }, rewrite: { path: { prefix: /inside } } }
                    admin: { match: { path: { prefix: /inside/looks } }, to: { app: 1 }, rewrite: { path: { full: /admin } } }
                    plain: { to: { app: 1 } }
                    pages: { match: { path: { prefix: /pages } }, to: { app: 1 }, cors: { origins: ["https://b.test"] } }
                    moved: { match: { path: { prefix: /moved } }, redirect: { host: b.test, status: 308 } }
              access:
                inside: { to: { services: [app], paths: [/inside/**] }, user: anyone, effect: allow }
            """;

    private static RecordingUpstream app;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        app = RecordingUpstream.start();
        gateway = RunningGateway.start(GatewayApplication.class, Map.of());
        gateway.policy(POLICY);
        gateway.endpoints("app", List.of(new RunningGateway.Endpoint(app.address(), Map.of())));
    }

    @AfterAll
    static void stop() throws IOException {
        gateway.close();
        app.close();
    }

    private static RawResponse get(String path) throws IOException {
        try (RawClient client = RawClient.connect(gateway.address())) {
            return client.exchange(Wire.head("GET " + path + " HTTP/1.1", "Host: a.test"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/inside/x, 200, allowed",
        "/outside/x, 200, allowed",
        "/outside/../inside/x, 200, allowed",
        "/outsider, 403, refused",
        "/inside/looks/harmless, 403, refused",
    })
    void decidesAndExplainsByWhatArrives(String path, int status, String verdict) throws Exception {
        assertThat(get(path).status()).isEqualTo(status);
        assertThat(explanation(path)).contains("\"access\":\"" + verdict + '"');
    }

    @Test
    void letsPagesOfOtherOriginsSeeThatTheyAreRefused() throws Exception {
        try (RawClient client = RawClient.connect(gateway.address())) {
            RawResponse refused =
                    client.exchange(
                            Wire.head(
                                    "GET /pages HTTP/1.1",
                                    "Host: a.test",
                                    "Origin: https://b.test"));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.header("access-control-allow-origin")).hasValue("https://b.test");
        }
    }

    @Test
    void redirectsWhomeverAsks() throws Exception {
        RawResponse moved = get("/moved/x?y");
        assertThat(moved.status()).isEqualTo(308);
        assertThat(moved.header("location")).hasValue("http://b.test/moved/x?y");
        assertThat(explanation("/moved/x")).contains("\"rule\":\"moved\"", "\"redirect\":308");
    }

    private static String explanation(String path) {
        var question = new Question("GET", "a.test", path, List.of(), null, null);
        return gateway.bean(Explanations.class).request(question).orElseThrow();
    }
}
