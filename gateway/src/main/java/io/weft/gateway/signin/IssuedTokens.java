// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import io.weft.gateway.settings.SignInSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.web.reactive.function.client.WebClient;

/** Verifies what the issuer signs for the gateway: ID tokens, and word of sessions' ends. */
final class IssuedTokens {

    private static final Duration SKEW = Duration.ofSeconds(60);

    private static final String LOGOUT = "http://schemas.openid.net/event/backchannel-logout";

    private final SignInSettings settings;
    private final WebClient http;
    private final Map<String, ReactiveJwtDecoder> ofPeople = new ConcurrentHashMap<>();
    private final Map<String, ReactiveJwtDecoder> ofEnds = new ConcurrentHashMap<>();

    IssuedTokens(SignInSettings settings, WebClient http) {
        this.settings = settings;
        this.http = http;
    }

    ReactiveJwtDecoder idTokens(ClientRegistration client) {
        return ofPeople.computeIfAbsent(
                keys(client),
                uri ->
                        decoder(
                                uri,
                                List.of(JwtTypeValidator.jwt(), new OidcIdTokenValidator(client))));
    }

    /** Logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.6). */
    ReactiveJwtDecoder logoutTokens(ClientRegistration client) {
        return ofEnds.computeIfAbsent(
                keys(client),
                uri ->
                        decoder(
                                uri,
                                List.of(
                                        new JwtTypeValidator("logout+jwt"),
                                        new JwtTimestampValidator(SKEW),
                                        new JwtIssuerValidator(settings.iss()),
                                        this::logout)));
    }

    private static String keys(ClientRegistration client) {
        return String.valueOf(client.getProviderDetails().getJwkSetUri());
    }

    private ReactiveJwtDecoder decoder(String keys, List<OAuth2TokenValidator<Jwt>> validators) {
        NimbusReactiveJwtDecoder decoder =
                NimbusReactiveJwtDecoder.withJwkSetUri(keys)
                        .jwsAlgorithm(SignatureAlgorithm.ES256)
                        .jwsAlgorithm(SignatureAlgorithm.RS256)
                        .validateType(false)
                        .webClient(http)
                        .build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(validators));
        return decoder;
    }

    private OAuth2TokenValidatorResult logout(Jwt token) {
        boolean right =
                token.getAudience() != null
                        && token.getAudience().contains(settings.clientId())
                        && token.getIssuedAt() != null
                        && token.getExpiresAt() != null
                        && token.getClaim("events") instanceof Map<?, ?> events
                        && events.get(LOGOUT) instanceof Map<?, ?>
                        && (token.getSubject() != null || token.hasClaim("sid"))
                        && !token.hasClaim("nonce");
        return right
                ? OAuth2TokenValidatorResult.success()
                : OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_logout_token"));
    }
}
