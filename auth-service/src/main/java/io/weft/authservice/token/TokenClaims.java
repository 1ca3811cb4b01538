// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.token;

import io.weft.authservice.account.Accounts;
import io.weft.authservice.client.Clients;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.core.oidc.StandardClaimNames;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;

/**
 * What access tokens (RFC 9068) and ID tokens say beyond Spring Security's defaults. Their types
 * differ, so that none is taken for the other.
 */
public final class TokenClaims implements OAuth2TokenCustomizer<JwtEncodingContext> {

    /** Header {@code typ} of an access token. */
    public static final String ACCESS_TOKEN_TYPE = "at+jwt";

    private final TokenSettings settings;
    private final Accounts accounts;
    private final Clock clock;

    public TokenClaims(TokenSettings settings, Accounts accounts, Clock clock) {
        this.settings = settings;
        this.accounts = accounts;
        this.clock = clock;
    }

    @Override
    public void customize(JwtEncodingContext context) {
        context.getJwsHeader().algorithm(SignatureAlgorithm.ES256);
        Instant expires = clock.instant().plus(settings.accessLife());
        context.getClaims().expiresAt(expires);
        if (OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())) {
            access(context);
        } else {
            identity(context);
        }
    }

    private void access(JwtEncodingContext context) {
        List<String> audience = Clients.audienceOf(context.getRegisteredClient());
        context.getJwsHeader().type(ACCESS_TOKEN_TYPE);
        context.getClaims()
                .audience(stored(audience.isEmpty() ? settings.audience() : audience))
                .claims(claims -> claims.computeIfPresent("scope", (_, scopes) -> text(scopes)))
                .claim("client_id", context.getRegisteredClient().getClientId())
                .claim("roles", stored(rolesOf(context.getPrincipal())));
    }

    /** One text, as RFC 9068 has it, where Spring Security writes a list. */
    private static Object text(Object scopes) {
        return scopes instanceof Collection<?> words
                ? words.stream().map(String::valueOf).sorted().collect(Collectors.joining(" "))
                : scopes;
    }

    /** Claims are kept in the database, and read from there only in types on a list. */
    private static List<String> stored(List<String> values) {
        return new ArrayList<>(values);
    }

    private void identity(JwtEncodingContext context) {
        context.getJwsHeader().type("JWT");
        context.getClaims().claim("roles", stored(rolesOf(context.getPrincipal())));
        if (context.getAuthorizedScopes().contains(OidcScopes.PROFILE)) {
            Authentication person = context.getPrincipal();
            context.getClaims().claim(StandardClaimNames.PREFERRED_USERNAME, person.getName());
        }
    }

    /** As they are now: somebody who is gone since signing in gets no more tokens. */
    private List<String> rolesOf(Authentication principal) {
        if (principal instanceof OAuth2ClientAuthenticationToken) {
            return List.of();
        }
        return accounts.rolesOf(principal.getName())
                .orElseThrow(
                        () -> new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_GRANT));
    }
}
