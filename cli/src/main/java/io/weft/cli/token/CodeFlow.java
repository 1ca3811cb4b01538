// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.token;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The authorization code flow with PKCE (RFC 7636), as client and as the person's browser: the
 * demo's pages are filled in and nobody is asked. A person's password goes to the auth service's
 * own page and nowhere else.
 */
final class CodeFlow {

    private static final String CLIENT = "weft-cli";
    private static final String OF_SERVICES = "openid profile orders.read orders.write";
    private static final String OF_OPERATORS = "openid weft.admin";

    /** Nobody listens there: the redirect is read, not followed. */
    private static final String REDIRECT_URI = "http://127.0.0.1:9/callback";

    private static final int MOST_STEPS = 10;
    private static final int OK = 200;
    private static final int BYTES = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]+)\">");
    private static final Pattern SCOPE = Pattern.compile("name=\"scope\" value=\"([^\"]+)\"");
    private static final Pattern TOKEN = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"");

    private final URI auth;
    private final String scopes;
    private final String verifier = random();
    private final String state = random();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .cookieHandler(new CookieManager())
                    .connectTimeout(PATIENCE)
                    .build();

    private CodeFlow(URI auth, String scopes) {
        this.auth = auth;
        this.scopes = scopes;
    }

    /**
     * @param auth where the auth service is
     */
    static CodeFlow forServices(URI auth) {
        return new CodeFlow(auth, OF_SERVICES);
    }

    /** Tokens that administer are not good for anything else, and never the other way round. */
    static CodeFlow forOperators(URI auth) {
        return new CodeFlow(auth, OF_OPERATORS);
    }

    private record Field(String name, String value) {}

    /** Signs a person in, and gets an access token. */
    String token(String name, String password)
            throws IOException, InterruptedException, NoTokenException {
        return exchange(code(name, password));
    }

    private String code(String name, String password)
            throws IOException, InterruptedException, NoTokenException {
        HttpResponse<String> answer =
                get(URI.create(auth + "/oauth2/authorize?" + form(request())));
        boolean signedIn = false;
        for (int step = 0; step < MOST_STEPS; step++) {
            String location = answer.headers().firstValue("location").orElse("");
            if (location.startsWith(REDIRECT_URI)) {
                return codeIn(URI.create(location));
            }
            if (!location.isEmpty()) {
                answer = get(answer.uri().resolve(location));
            } else if (answer.statusCode() != OK) {
                throw new NoTokenException(
                        "the auth service answered %d; is it one of the demo?"
                                .formatted(answer.statusCode()));
            } else if (!answer.uri().getPath().equals("/login")) {
                answer = post("/oauth2/authorize", consent(answer));
            } else if (!signedIn) {
                signedIn = true;
                List<Field> fields = hidden(answer);
                fields.add(new Field("username", name));
                fields.add(new Field("password", password));
                answer = post("/login", fields);
            } else {
                throw new NoTokenException("the password of " + name + " is another");
            }
        }
        throw new NoTokenException("the auth service does not come to an end");
    }

    private List<Field> request() {
        return List.of(
                new Field("response_type", "code"),
                new Field("client_id", CLIENT),
                new Field("redirect_uri", REDIRECT_URI),
                new Field("scope", scopes),
                new Field("state", state),
                new Field("code_challenge", challenge()),
                new Field("code_challenge_method", "S256"));
    }

    /** The hidden fields of a page's first form. */
    private static List<Field> hidden(HttpResponse<String> page) {
        Map<String, Field> fields = new LinkedHashMap<>();
        Matcher matcher = HIDDEN.matcher(page.body());
        while (matcher.find()) {
            String name = matcher.group(1);
            fields.putIfAbsent(name, new Field(name, unescaped(matcher.group(2))));
        }
        return new ArrayList<>(fields.values());
    }

    /** What the templates escape in values of ours: they are Base64. */
    private static String unescaped(String value) {
        return value.replace("&#x3D;", "=").replace("&#x2F;", "/").replace("&#43;", "+");
    }

    /** Whoever asks for a token by this command means all of it. */
    private static List<Field> consent(HttpResponse<String> page) {
        List<Field> fields = hidden(page);
        Matcher scopes = SCOPE.matcher(page.body());
        while (scopes.find()) {
            fields.add(new Field("scope", scopes.group(1)));
        }
        return fields;
    }

    private String codeIn(URI redirect) throws NoTokenException {
        Map<String, String> answer = new LinkedHashMap<>();
        for (String each : redirect.getRawQuery().split("&", -1)) {
            int end = each.indexOf('=');
            answer.put(
                    each.substring(0, Math.max(0, end)),
                    URLDecoder.decode(each.substring(end + 1), StandardCharsets.UTF_8));
        }
        String code = answer.get("code");
        if (code == null || !state.equals(answer.get("state"))) {
            throw new NoTokenException(
                    "the auth service refuses: " + answer.getOrDefault("error", "without a word"));
        }
        return code;
    }

    private String exchange(String code)
            throws IOException, InterruptedException, NoTokenException {
        HttpResponse<String> answer =
                post(
                        "/oauth2/token",
                        List.of(
                                new Field("grant_type", "authorization_code"),
                                new Field("client_id", CLIENT),
                                new Field("code", code),
                                new Field("redirect_uri", REDIRECT_URI),
                                new Field("code_verifier", verifier)));
        Matcher token = TOKEN.matcher(answer.body());
        if (answer.statusCode() != OK || !token.find()) {
            throw new NoTokenException("no token for the code: " + answer.statusCode());
        }
        return token.group(1);
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(here(uri)));
    }

    private HttpResponse<String> post(String path, List<Field> fields)
            throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(auth.resolve(path))
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form(fields))));
    }

    /** The auth service may call itself by its logical name. */
    private URI here(URI uri) {
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return auth.resolve(uri.getRawPath() + query);
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(
                request.header("accept", "text/html").timeout(PATIENCE).build(),
                BodyHandlers.ofString());
    }

    private static String form(List<Field> fields) {
        return fields.stream()
                .map(
                        each ->
                                each.name()
                                        + "="
                                        + URLEncoder.encode(each.value(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private String challenge() {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
