// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import io.weft.gateway.settings.SignInSettings;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthorizationCodeAuthenticationToken;
import org.springframework.security.oauth2.client.authentication.OAuth2LoginAuthenticationToken;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeReactiveAuthenticationManager;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import reactor.core.publisher.Mono;

/** Gets tokens for a code, and new ones for old ones. */
final class TokenEndpoint {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What is wrong with the issuer or with the way there, and not with what it was asked. */
    private static final Set<String> PASSING =
            Set.of(
                    OAuth2ErrorCodes.SERVER_ERROR,
                    OAuth2ErrorCodes.TEMPORARILY_UNAVAILABLE,
                    "invalid_token_response");

    private final Provider provider;
    private final OidcAuthorizationCodeReactiveAuthenticationManager codes;
    private final WebClientReactiveRefreshTokenTokenResponseClient refreshes =
            new WebClientReactiveRefreshTokenTokenResponseClient();

    TokenEndpoint(SignInSettings settings, Provider provider, WebClient http) {
        this.provider = provider;
        var exchanges = new WebClientReactiveAuthorizationCodeTokenResponseClient();
        exchanges.setWebClient(http);
        refreshes.setWebClient(http);
        this.codes =
                new OidcAuthorizationCodeReactiveAuthenticationManager(
                        exchanges,
                        request -> Mono.just(new DefaultOidcUser(Set.of(), request.getIdToken())));
        codes.setJwtDecoderFactory(new IssuedTokens(settings, http)::idTokens);
    }

    /** Somebody who has just signed in. */
    record Person(OidcUser user, Tokens tokens) {}

    /**
     * Exchanges a code, and checks the answer: state, nonce, and all that an ID token must say
     * (OpenID Connect Core 1.0 §3.1.3.7). Ends in {@link RefusedSignInException} or {@link
     * ProviderUnavailableException}.
     */
    Mono<Person> exchange(ClientRegistration client, OAuth2AuthorizationExchange exchange) {
        return codes.authenticate(new OAuth2AuthorizationCodeAuthenticationToken(client, exchange))
                .cast(OAuth2LoginAuthenticationToken.class)
                .timeout(PATIENCE)
                .map(TokenEndpoint::person)
                .onErrorMap(TokenEndpoint::judged);
    }

    private static Person person(OAuth2LoginAuthenticationToken login) {
        var user = (OidcUser) login.getPrincipal();
        if (user == null) {
            throw new RefusedSignInException("nobody has signed in");
        }
        return new Person(
                user,
                new Tokens(
                        login.getAccessToken(),
                        login.getRefreshToken(),
                        user.getIdToken().getTokenValue()));
    }

    /** Gets new tokens. Ends as {@link #exchange} does. */
    Mono<Tokens> refresh(Tokens old) {
        var refresh = old.refresh();
        if (refresh == null) {
            return Mono.error(new RefusedSignInException("the issuer gave no refresh token"));
        }
        return provider.lastRegistration()
                .map(client -> new OAuth2RefreshTokenGrantRequest(client, old.access(), refresh))
                .flatMap(refreshes::getTokenResponse)
                .timeout(PATIENCE)
                .map(response -> tokens(response, old))
                .onErrorMap(TokenEndpoint::judged);
    }

    private static Tokens tokens(OAuth2AccessTokenResponse response, Tokens old) {
        var refresh = response.getRefreshToken();
        var id = response.getAdditionalParameters().get(OidcParameterNames.ID_TOKEN);
        return new Tokens(
                response.getAccessToken(),
                refresh == null ? old.refresh() : refresh,
                id instanceof String text ? text : old.id());
    }

    private static Throwable judged(Throwable failure) {
        return switch (failure) {
            case OAuth2AuthenticationException e -> judged(e.getError(), e);
            case OAuth2AuthorizationException e -> judged(e.getError(), e);
            case WebClientRequestException e -> unavailable(e);
            case TimeoutException e -> unavailable(e);
            // The issuer's keys could not be fetched.
            case IllegalStateException e -> unavailable(e);
            default -> failure;
        };
    }

    private static Throwable judged(OAuth2Error error, Throwable failure) {
        String code = error.getErrorCode();
        return PASSING.contains(code)
                ? unavailable(failure)
                : new RefusedSignInException(code, failure);
    }

    private static Throwable unavailable(Throwable failure) {
        return new ProviderUnavailableException("the issuer does not answer", failure);
    }
}
