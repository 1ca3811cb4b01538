// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.server;

import io.weft.authservice.signin.Loopback;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationValidator;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/**
 * What an authorization request must be. Stricter than Spring Security's defaults: a redirect URI
 * is given and is, character by character, a registered one (a public client's loopback port
 * aside), and there is a state.
 */
final class AuthorizationRequests
        implements Consumer<OAuth2AuthorizationCodeRequestAuthenticationContext> {

    private static final Consumer<OAuth2AuthorizationCodeRequestAuthenticationContext> SCOPES =
            OAuth2AuthorizationCodeRequestAuthenticationValidator.DEFAULT_SCOPE_VALIDATOR;

    @Override
    public void accept(OAuth2AuthorizationCodeRequestAuthenticationContext context) {
        OAuth2AuthorizationCodeRequestAuthenticationToken request = context.getAuthentication();
        if (!isRegistered(request.getRedirectUri(), context.getRegisteredClient())) {
            // Nobody is sent to an address that is not known.
            throw refusal(OAuth2ParameterNames.REDIRECT_URI, request, null);
        }
        String state = request.getState();
        if (state == null || state.isEmpty()) {
            throw refusal(OAuth2ParameterNames.STATE, request, request.getRedirectUri());
        }
        SCOPES.accept(context);
    }

    private static boolean isRegistered(@Nullable String redirectUri, RegisteredClient client) {
        if (redirectUri == null) {
            return false;
        }
        return client.getRedirectUris().contains(redirectUri)
                || isPublic(client) && Loopback.matches(redirectUri, client.getRedirectUris());
    }

    private static boolean isPublic(RegisteredClient client) {
        return client.getClientAuthenticationMethods().contains(ClientAuthenticationMethod.NONE);
    }

    private static OAuth2AuthorizationCodeRequestAuthenticationException refusal(
            String parameter,
            OAuth2AuthorizationCodeRequestAuthenticationToken request,
            @Nullable String redirectUri) {
        var error =
                new OAuth2Error(
                        OAuth2ErrorCodes.INVALID_REQUEST,
                        "OAuth 2.0 Parameter: " + parameter,
                        null);
        var result =
                new OAuth2AuthorizationCodeRequestAuthenticationToken(
                        request.getAuthorizationUri(),
                        request.getClientId(),
                        (Authentication) request.getPrincipal(),
                        redirectUri,
                        request.getState(),
                        request.getScopes(),
                        request.getAdditionalParameters());
        result.setAuthenticated(true);
        return new OAuth2AuthorizationCodeRequestAuthenticationException(error, result);
    }
}
