// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import io.weft.gateway.settings.SignInSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.client.web.server.DefaultServerOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Signing in (OpenID Connect Core 1.0 §3.1, with PKCE):
 *
 * <ol>
 *   <li>the browser is sent to the issuer, and keeps the attempt;
 *   <li>it comes back with a code, and must have kept the attempt that the state names;
 *   <li>the code, with what only the attempt knows, is exchanged for tokens;
 *   <li>a session begins, under an id that nobody has seen before.
 * </ol>
 */
final class SignIn {

    private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);

    private final SignInSettings settings;
    private final Provider provider;
    private final TokenEndpoint tokens;
    private final Sessions sessions;
    private final Cookies cookies;
    private final Pages pages;
    private final Clock clock;
    private final AttemptSeal seal;
    private final DefaultServerOAuth2AuthorizationRequestResolver requests;

    SignIn(
            SignInSettings settings,
            Provider provider,
            TokenEndpoint tokens,
            Sessions sessions,
            Cookies cookies,
            Pages pages,
            Clock clock) {
        this.settings = settings;
        this.provider = provider;
        this.tokens = tokens;
        this.sessions = sessions;
        this.cookies = cookies;
        this.pages = pages;
        this.clock = clock;
        this.seal = new AttemptSeal(provider.secret());
        this.requests =
                new DefaultServerOAuth2AuthorizationRequestResolver(_ -> provider.registration());
        requests.setAuthorizationRequestCustomizer(
                OAuth2AuthorizationRequestCustomizers.withPkce());
    }

    /** Step 1. */
    Mono<Void> begin(ServerWebExchange exchange, LocalPath to) {
        return requests.resolve(exchange, Provider.REGISTRATION)
                .flatMap(request -> send(exchange.getResponse(), request, to))
                .onErrorResume(ProviderUnavailableException.class, e -> unavailable(exchange, e));
    }

    private Mono<Void> send(
            ServerHttpResponse response, OAuth2AuthorizationRequest request, LocalPath to) {
        var attempt =
                new Attempt(
                        Objects.requireNonNull(request.getState()),
                        attribute(request, OidcParameterNames.NONCE),
                        attribute(request, PkceParameterNames.CODE_VERIFIER),
                        clock.instant(),
                        to);
        response.addCookie(cookies.signIn(attempt.slot(), seal.seal(attempt)));
        return Pages.redirect(response, URI.create(request.getAuthorizationRequestUri()));
    }

    private static String attribute(OAuth2AuthorizationRequest request, String name) {
        String value = request.getAttribute(name);
        return Objects.requireNonNull(value);
    }

    /** Steps 2 to 4. */
    Mono<Void> comeBack(ServerWebExchange exchange) {
        MultiValueMap<String, String> answer = exchange.getRequest().getQueryParams();
        String state = single(answer, OAuth2ParameterNames.STATE);
        Attempt attempt = state == null ? null : attempt(exchange.getRequest().getHeaders(), state);
        if (state == null || attempt == null) {
            return refused(exchange, "no attempt that the state names");
        }
        exchange.getResponse().addCookie(cookies.noSignIn(attempt.slot()));
        String code = single(answer, OAuth2ParameterNames.CODE);
        if (code == null || isOfAnother(answer)) {
            return refused(exchange, "the issuer did not answer with a code");
        }
        return provider.registration()
                .flatMap(client -> tokens.exchange(client, exchangeOf(client, attempt, code)))
                .flatMap(person -> welcome(exchange, person, attempt))
                .onErrorResume(RefusedSignInException.class, e -> refused(exchange, e.getMessage()))
                .onErrorResume(ProviderUnavailableException.class, e -> unavailable(exchange, e));
    }

    private @Nullable Attempt attempt(HttpHeaders headers, String state) {
        String sealed = cookies.signInIn(headers, Attempt.slotOf(state));
        Attempt attempt = sealed == null ? null : seal.open(sealed);
        return attempt != null && !attempt.isOver(clock.instant()) && isSame(attempt.state(), state)
                ? attempt
                : null;
    }

    private static boolean isSame(String a, String b) {
        return MessageDigest.isEqual(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether somebody else answered than was asked (RFC 9207). */
    private boolean isOfAnother(MultiValueMap<String, String> answer) {
        return answer.containsKey("iss") && !settings.iss().equals(single(answer, "iss"));
    }

    private static @Nullable String single(MultiValueMap<String, String> answer, String name) {
        var values = answer.get(name);
        return values != null && values.size() == 1 ? values.getFirst() : null;
    }

    private OAuth2AuthorizationExchange exchangeOf(
            ClientRegistration client, Attempt attempt, String code) {
        String redirectUri = client.getRedirectUri();
        OAuth2AuthorizationRequest request =
                OAuth2AuthorizationRequest.authorizationCode()
                        .authorizationUri(client.getProviderDetails().getAuthorizationUri())
                        .clientId(client.getClientId())
                        .redirectUri(redirectUri)
                        .scopes(client.getScopes())
                        .state(attempt.state())
                        .attributes(
                                attributes ->
                                        attributes.putAll(
                                                Map.of(
                                                        OidcParameterNames.NONCE,
                                                        attempt.nonce(),
                                                        PkceParameterNames.CODE_VERIFIER,
                                                        attempt.verifier())))
                        .build();
        return new OAuth2AuthorizationExchange(
                request,
                OAuth2AuthorizationResponse.success(code)
                        .redirectUri(redirectUri)
                        .state(attempt.state())
                        .build());
    }

    private Mono<Void> welcome(
            ServerWebExchange exchange, TokenEndpoint.Person person, Attempt attempt) {
        String old = cookies.sessionIn(exchange.getRequest().getHeaders());
        if (old != null) {
            sessions.end(old);
        }
        String id = sessions.begin(person.user(), person.tokens());
        ServerHttpResponse response = exchange.getResponse();
        response.addCookie(cookies.session(id));
        return Pages.redirect(response, URI.create(settings.origin() + attempt.to()));
    }

    private Mono<Void> refused(ServerWebExchange exchange, @Nullable String why) {
        LOG.info("somebody could not sign in: {}", why);
        return pages.notSignedIn(exchange.getResponse());
    }

    private Mono<Void> unavailable(ServerWebExchange exchange, ProviderUnavailableException e) {
        LOG.warn("nobody can sign in: {}: {}", e.getMessage(), String.valueOf(e.getCause()));
        return pages.unavailable(exchange.getResponse());
    }
}
