// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pages of an auth service, as far as the command has to know them. */
class CodeFlowTest {

    private static final String LOGIN =
            "<form><input type=\"hidden\" name=\"_csrf\" value=\"c1\"></form>";
    private static final String CONSENT =
            "<input type=\"hidden\" name=\"client_id\" value=\"weft-cli\">"
                    + "<input type=\"hidden\" name=\"state\" value=\"s1&#x3D;\">"
                    + "<input type=\"checkbox\" name=\"scope\" value=\"orders.write\" checked>";

    private final List<String> posted = new ArrayList<>();
    private String query = "";
    private final HttpServer server;

    CodeFlowTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String form =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (exchange.getRequestMethod().equals("POST")) {
                posted.add(path + "?" + form);
            }
            switch (exchange.getRequestMethod() + " " + path) {
                case "GET /oauth2/authorize" -> {
                    query = exchange.getRequestURI().getRawQuery();
                    send(exchange, 302, "", "/login");
                }
                case "GET /login" -> send(exchange, 200, LOGIN, null);
                case "POST /login" ->
                        send(
                                exchange,
                                302,
                                "",
                                form.contains("password=right") ? "/consent" : "/login?error");
                case "GET /consent" -> send(exchange, 200, CONSENT, null);
                case "POST /oauth2/authorize" ->
                        send(
                                exchange,
                                302,
                                "",
                                "http://127.0.0.1:9/callback?code=k&state=" + stateAsked());
                case "POST /oauth2/token" ->
                        send(exchange, 200, "{\"access_token\":\"a.b.c\"}", null);
                default -> send(exchange, 404, "", null);
            }
        }
    }

    private String stateAsked() {
        return query.replaceAll(".*&state=([^&]+).*", "$1");
    }

    private static void send(
            HttpExchange exchange, int status, String body, @Nullable String location)
            throws IOException {
        if (location != null) {
            exchange.getResponseHeaders().set("Location", location);
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private CodeFlow flow() {
        return CodeFlow.forServices(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @Test
    void fillsInThePagesAndExchangesTheCode() throws Exception {
        assertThat(flow().token("alice", "right")).isEqualTo("a.b.c");
        assertThat(query).contains("client_id=weft-cli", "code_challenge_method=S256");
        assertThat(posted)
                .satisfiesExactly(
                        login ->
                                assertThat(login)
                                        .isEqualTo("/login?_csrf=c1&username=alice&password=right"),
                        consent -> assertThat(consent).endsWith("state=s1%3D&scope=orders.write"),
                        code -> assertThat(code).contains("code=k", "code_verifier="));
    }

    @Test
    void saysThatThePasswordIsAnother() {
        assertThatThrownBy(() -> flow().token("alice", "wrong"))
                .isInstanceOf(NoTokenException.class)
                .hasMessage("the password of alice is another");
    }
}
