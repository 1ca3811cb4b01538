// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.access;

import io.weft.conformance.access.AccessCase.TokenKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The decision table: one policy, and requests with the verdict on each, to be asked of whatever
 * decides. The notation is explained at the top of {@code cases.yml}.
 */
public final class AccessTable {

    private static final String ISSUER = "https://id.test";
    private static final String AUDIENCE = "shop";
    private static final long LIFE = 3_600;

    private final SigningKey key = SigningKey.es256("table");
    private final SigningKey stranger = SigningKey.es256("table");

    /** The policy, with the URL under which {@link #key} is published. */
    public String policy(URI keys) {
        return resource("policy.yml").replace("KEYS", keys.toString());
    }

    /** The key that signs the tokens. */
    public SigningKey key() {
        return key;
    }

    public List<AccessCase> cases() {
        var cases =
                (List<?>)
                        new Load(LoadSettings.builder().build())
                                .loadFromString(resource("cases.yml"));
        return Objects.requireNonNull(cases).stream().map(each -> read((Map<?, ?>) each)).toList();
    }

    /** Cases that are let in for their tokens, one for each service that has any. */
    public Collection<AccessCase> signedIn() {
        var byService = new TreeMap<String, AccessCase>();
        for (AccessCase each : cases()) {
            if (each.status() == 200
                    && each.isForTheEdge()
                    && each.token() instanceof TokenKind.Good) {
                byService.putIfAbsent(each.service(), each);
            }
        }
        return byService.values();
    }

    private static String resource(String name) {
        try (InputStream in = AccessTable.class.getResourceAsStream(name)) {
            return new String(
                    Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AccessCase read(Map<?, ?> line) {
        String expected = text(line, "expect", "");
        String caller = text(line, "by", "gateway");
        return new AccessCase(
                text(line, "id", "?"),
                caller.equals("nobody") ? Optional.empty() : Optional.of(caller),
                text(line, "at", "127.0.0.1"),
                text(line, "to", "?"),
                text(line, "method", "GET"),
                text(line, "path", "/"),
                list(line, "headers").stream().map(AccessTable::header).toList(),
                token(line.get("token")),
                text(line, "key", ""),
                Integer.parseInt(expected.substring(0, 3)),
                expected.substring(4),
                list(line, "shadow").stream().map(String::valueOf).toList());
    }

    private static String text(Map<?, ?> line, String key, String otherwise) {
        Object value = line.get(key);
        return value == null ? otherwise : value.toString();
    }

    private static List<?> list(Map<?, ?> line, String key) {
        return line.get(key) instanceof List<?> list ? list : List.of();
    }

    private static Map.Entry<String, String> header(Object header) {
        var pair = (List<?>) header;
        return Map.entry(String.valueOf(pair.get(0)), String.valueOf(pair.get(1)));
    }

    private static TokenKind token(@Nullable Object token) {
        if (token instanceof Map<?, ?> more) {
            var claims = new LinkedHashMap<String, Object>();
            claims.put("iss", ISSUER);
            claims.put("aud", AUDIENCE);
            more.forEach((name, value) -> claims.put(String.valueOf(name), (Object) value));
            return new TokenKind.Good(claims);
        }
        return token == null ? new TokenKind.None() : new TokenKind.Bad(token.toString());
    }

    /**
     * An API key that is known wherever the table is asked.
     *
     * @param expires null for never
     */
    public record ApiKey(
            String secret, String client, List<String> scopes, @Nullable Instant expires) {}

    /** The keys of the table, by the words that cases use for them. */
    public Map<String, ApiKey> apiKeys() {
        return Map.of(
                "reporting", new ApiKey(secret("reporting"), "reporting", List.of(), null),
                "audits", new ApiKey(secret("audits"), "audits", List.of(), null),
                "metrics",
                        new ApiKey(
                                secret("metrics"),
                                "metrics",
                                List.of("status.read"),
                                Instant.now().plusSeconds(LIFE)),
                "expired", new ApiKey(secret("old"), "reporting", List.of(), Instant.EPOCH));
    }

    private static String secret(String name) {
        return "weft_key_" + name + "0123456789012345678901234567890123456789";
    }

    /** By what a proxy knows a secret. */
    public static String sha256(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(secret.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** What a case's request has in its X-Api-Key fields. */
    public List<String> keys(AccessCase asked) {
        ApiKey known = apiKeys().get(asked.key());
        return switch (asked.key()) {
            case "" -> List.of();
            case "unknown" -> List.of(secret("nobody"));
            case "foreign" -> List.of("sk_live_0123456789");
            case "twice" -> List.of(secret("reporting"), secret("reporting"));
            default -> List.of(Objects.requireNonNull(known, asked.key()).secret());
        };
    }

    /** What a case's request has in its Authorization field. */
    public Optional<String> authorization(AccessCase asked, Instant now) {
        return switch (asked.token()) {
            case TokenKind.None _ -> Optional.empty();
            case TokenKind.Good(Map<String, Object> claims) ->
                    Optional.of("Bearer " + key.sign(claims(claims, now.getEpochSecond())));
            case TokenKind.Bad(String how) ->
                    Optional.of("Bearer " + bad(how, now.getEpochSecond()));
        };
    }

    private String bad(String how, long now) {
        Map<String, Object> good =
                Map.of(
                        "iss",
                        ISSUER,
                        "aud",
                        AUDIENCE,
                        "scope",
                        "orders.write profile",
                        "roles",
                        List.of("editor"));
        String claims = claims(good, now);
        return switch (how) {
            case "expired" -> key.sign(claims(good, now - LIFE - 120));
            case "early" -> key.sign(claims(good, now + LIFE));
            case "foreign" -> key.sign(claims.replace(ISSUER, "https://elsewhere.test"));
            case "misaddressed" -> key.sign(claims.replace('"' + AUDIENCE + '"', "\"other\""));
            case "garbled" -> key.sign(claims).replace('.', '~');
            case "forged" -> stranger.sign(claims);
            case "unknown" ->
                    key.sign("{\"alg\":\"ES256\",\"kid\":\"unknown\",\"typ\":\"at+jwt\"}", claims);
            default -> throw new IllegalArgumentException("token: " + how);
        };
    }

    private static String claims(Map<String, Object> claims, long begin) {
        var all = new LinkedHashMap<String, Object>(claims);
        all.put("iat", begin);
        all.put("nbf", begin);
        all.put("exp", begin + LIFE);
        return json(all);
    }

    private static String json(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(each -> json(each.getKey()) + ":" + json(each.getValue()))
                            .collect(Collectors.joining(",", "{", "}"));
            case List<?> items ->
                    items.stream()
                            .map(AccessTable::json)
                            .collect(Collectors.joining(",", "[", "]"));
            case String text -> '"' + text.replace("\r", "\\r").replace("\n", "\\n") + '"';
            default -> value.toString();
        };
    }
}
