// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weft.conformance.access.KeyServer;
import io.weft.conformance.access.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID Connect provider that lets everybody in as alice, with PKCE, codes that count once and
 * refresh tokens that rotate; and that can be told to be wrong, strict, slow or away.
 */
final class TestIssuer implements AutoCloseable {

    static final String CLIENT = "gateway";
    static final String SECRET = "a-secret-of-more-than-thirty-two-characters";
    static final String SID = "issuer-session-1";

    private final SigningKey key = SigningKey.es256("k1");
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final Map<String, Boolean> refreshTokens = new ConcurrentHashMap<>();
    private final AtomicInteger refreshes = new AtomicInteger();

    volatile Duration life = Duration.ofMinutes(5);
    volatile String roles = "[\"user\"]";
    volatile boolean away;
    volatile boolean refusing;
    volatile @Nullable String nonceInstead;

    private TestIssuer(HttpServer server) {
        this.server = server;
    }

    static TestIssuer start() throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var issuer = new TestIssuer(HttpServer.create(address, 0));
        issuer.server.setExecutor(issuer.threads);
        issuer.server.createContext("/", issuer::answer);
        issuer.server.start();
        return issuer;
    }

    /** Its name, which is no address. */
    String name() {
        return "http://id.test";
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    int refreshes() {
        return refreshes.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (away) {
                text(exchange, 503, "{}");
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/.well-known/openid-configuration" -> text(exchange, 200, metadata());
                case "/jwks" -> text(exchange, 200, KeyServer.jwks(key));
                case "/authorize" -> authorize(exchange);
                case "/token" -> token(exchange);
                default -> text(exchange, 404, "{}");
            }
        }
    }

    private String metadata() {
        return """
               {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token",
                "jwks_uri":"%1$s/jwks","end_session_endpoint":"%1$s/logout"}
               """
                .formatted(name());
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> request = parameters(exchange.getRequestURI().getRawQuery());
        String code = UUID.randomUUID().toString();
        codes.put(code, request);
        exchange.getResponseHeaders()
                .set(
                        "Location",
                        "%s?code=%s&state=%s&iss=%s"
                                .formatted(
                                        request.get("redirect_uri"),
                                        code,
                                        request.get("state"),
                                        name()));
        exchange.sendResponseHeaders(302, -1);
    }

    private void token(HttpExchange exchange) throws IOException {
        String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
        Map<String, String> request = parameters(body);
        String expected =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (CLIENT + ":" + SECRET)
                                                .getBytes(StandardCharsets.US_ASCII));
        if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            text(exchange, 401, "{\"error\":\"invalid_client\"}");
        } else if ("refresh_token".equals(request.get("grant_type"))) {
            refresh(exchange, request);
        } else {
            exchangeCode(exchange, request);
        }
    }

    private void refresh(HttpExchange exchange, Map<String, String> request) throws IOException {
        refreshes.incrementAndGet();
        String token = request.getOrDefault("refresh_token", "");
        if (refusing || refreshTokens.remove(token) == null) {
            text(exchange, 400, "{\"error\":\"invalid_grant\"}");
        } else {
            text(exchange, 200, tokens(""));
        }
    }

    private void exchangeCode(HttpExchange exchange, Map<String, String> request)
            throws IOException {
        Map<String, String> asked = codes.remove(request.getOrDefault("code", ""));
        boolean right =
                asked != null
                        && challenge(request.getOrDefault("code_verifier", ""))
                                .equals(asked.get("code_challenge"))
                        && request.getOrDefault("redirect_uri", "")
                                .equals(asked.get("redirect_uri"));
        if (asked == null || !right) {
            text(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        text(exchange, 200, tokens(asked.getOrDefault("nonce", "")));
    }

    private String tokens(String nonce) {
        String refresh = UUID.randomUUID().toString();
        refreshTokens.put(refresh, true);
        String said = nonceInstead == null ? nonce : nonceInstead;
        return """
               {"access_token":"%s","token_type":"Bearer","expires_in":%d,"refresh_token":"%s","id_token":"%s"}
               """
                .formatted(
                        signed("at+jwt", "\"aud\":[\"weft\"],\"roles\":" + roles),
                        life.toSeconds(),
                        refresh,
                        signed(
                                "JWT",
                                "\"aud\":[\"gateway\"],\"sid\":\"%s\",\"nonce\":\"%s\""
                                        .formatted(SID, said)));
    }

    /** A token, of tokens that nobody has twice. */
    String signed(String type, String claims) {
        long now = Instant.now().getEpochSecond();
        return key.sign(
                "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"%s\"}".formatted(type),
                "{\"iss\":\"%s\",\"sub\":\"alice\",\"iat\":%d,\"exp\":%d,\"jti\":\"%s\",%s}"
                        .formatted(name(), now, now + 300, UUID.randomUUID(), claims));
    }

    private static String challenge(String verifier) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, String> parameters(@Nullable String query) {
        var parameters = new HashMap<String, String>();
        for (String each : query == null ? new String[0] : query.split("&", -1)) {
            int split = each.indexOf('=');
            if (split > 0) {
                parameters.put(
                        each.substring(0, split),
                        URLDecoder.decode(each.substring(split + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    private static void text(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
