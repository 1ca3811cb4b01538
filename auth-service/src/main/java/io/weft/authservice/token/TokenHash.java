// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;

/**
 * Tokens as the database knows them: who reads it can use none. They are random, or signed, so that
 * a plain hash is enough.
 */
final class TokenHash {

    private static final String MARK = "sha256:";

    private TokenHash() {}

    static String of(String token) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(token.getBytes(StandardCharsets.UTF_8));
            return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same authorization with its tokens hashed; those that were read already are. */
    static OAuth2Authorization.Builder hashed(OAuth2Authorization authorization) {
        return changed(authorization, TokenHash::kept);
    }

    /** A token that may be one that was read. */
    static String kept(String token) {
        return token.startsWith(MARK) ? token : of(token);
    }

    /** The same authorization with this token of it in clear, as whoever showed it knows it. */
    static OAuth2Authorization revealed(OAuth2Authorization authorization, String token) {
        String hash = of(token);
        return changed(authorization, each -> each.equals(hash) ? token : each).build();
    }

    private static OAuth2Authorization.Builder changed(
            OAuth2Authorization authorization, UnaryOperator<String> change) {
        OAuth2Authorization.Builder builder = OAuth2Authorization.from(authorization);
        var code = authorization.getToken(OAuth2AuthorizationCode.class);
        if (code != null) {
            var token = code.getToken();
            builder.token(
                    new OAuth2AuthorizationCode(
                            change.apply(token.getTokenValue()),
                            token.getIssuedAt(),
                            token.getExpiresAt()));
        }
        var access = authorization.getAccessToken();
        if (access != null) {
            var token = access.getToken();
            builder.token(
                    new OAuth2AccessToken(
                            token.getTokenType(),
                            change.apply(token.getTokenValue()),
                            token.getIssuedAt(),
                            token.getExpiresAt(),
                            token.getScopes()));
        }
        var id = authorization.getToken(OidcIdToken.class);
        if (id != null) {
            var token = id.getToken();
            builder.token(
                    new OidcIdToken(
                            change.apply(token.getTokenValue()),
                            token.getIssuedAt(),
                            token.getExpiresAt(),
                            token.getClaims()));
        }
        var refresh = authorization.getRefreshToken();
        if (refresh != null) {
            var token = refresh.getToken();
            builder.token(
                    new OAuth2RefreshToken(
                            change.apply(token.getTokenValue()),
                            token.getIssuedAt(),
                            token.getExpiresAt()));
        }
        return builder;
    }
}
