// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.client;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * An application that may ask for tokens. With redirect URIs it signs people in (authorization code
 * with PKCE, and refresh); with a secret and none it acts for itself (client credentials).
 *
 * @param secretFile file with its secret, at least 32 characters; none makes it a public client
 * @param redirectUris compared exactly; those of a public client on a loopback address with any
 *     port
 * @param postLogoutRedirectUris where people may be sent after signing out
 * @param backChannelLogoutUri where it is told that a session has ended
 * @param audience for whom its access tokens are, unless for everybody's
 * @param consent whether people are asked before it gets a token
 */
public record ClientDeclaration(
        @Nullable Path secretFile,
        @DefaultValue List<String> redirectUris,
        @DefaultValue List<String> postLogoutRedirectUris,
        @Nullable URI backChannelLogoutUri,
        @DefaultValue Set<String> scopes,
        @DefaultValue List<String> audience,
        @DefaultValue("true") boolean consent) {

    public ClientDeclaration {
        redirectUris = List.copyOf(redirectUris);
        postLogoutRedirectUris = List.copyOf(postLogoutRedirectUris);
        scopes = Set.copyOf(scopes);
        audience = List.copyOf(audience);
        if (secretFile == null && redirectUris.isEmpty()) {
            throw new IllegalArgumentException(
                    "client: neither secret-file nor redirect-uris (expected: at least one)");
        }
        redirectUris.forEach(ClientDeclaration::check);
        postLogoutRedirectUris.forEach(ClientDeclaration::check);
    }

    private static void check(String text) {
        URI uri = URI.create(text);
        if (!uri.isAbsolute() || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "redirect URI: " + text + " (expected: absolute, no user, no fragment)");
        }
    }
}
