// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.server;

import io.weft.authservice.token.Issuer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;

/** Sends people back to the client, and says by {@code iss} who does so (RFC 9207). */
final class AuthorizationResponses
        implements AuthenticationSuccessHandler, AuthenticationFailureHandler {

    private final Issuer issuer;

    AuthorizationResponses(Issuer issuer) {
        this.issuer = issuer;
    }

    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication result)
            throws IOException {
        var granted = (OAuth2AuthorizationCodeRequestAuthenticationToken) result;
        var code = granted.getAuthorizationCode();
        String redirectUri = granted.getRedirectUri();
        if (code == null || redirectUri == null) {
            response.sendError(HttpStatus.BAD_REQUEST.value());
            return;
        }
        var parameters = new LinkedHashMap<String, @Nullable String>();
        parameters.put("code", code.getTokenValue());
        parameters.put("state", granted.getState());
        send(response, redirectUri, parameters);
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        var refused =
                e instanceof OAuth2AuthorizationCodeRequestAuthenticationException refusal
                        ? refusal
                        : null;
        var asked = refused == null ? null : refused.getAuthorizationCodeRequestAuthentication();
        String redirectUri = asked == null ? null : asked.getRedirectUri();
        if (refused == null || asked == null || redirectUri == null || redirectUri.isEmpty()) {
            response.sendError(HttpStatus.BAD_REQUEST.value());
            return;
        }
        OAuth2Error error = refused.getError();
        var parameters = new LinkedHashMap<String, @Nullable String>();
        parameters.put("error", error.getErrorCode());
        parameters.put("error_description", error.getDescription());
        parameters.put("state", asked.getState());
        send(response, redirectUri, parameters);
    }

    private void send(
            HttpServletResponse response,
            String redirectUri,
            Map<String, @Nullable String> parameters)
            throws IOException {
        parameters.put("iss", issuer.toString());
        String query =
                parameters.entrySet().stream()
                        .filter(each -> each.getValue() != null && !each.getValue().isEmpty())
                        .map(each -> each.getKey() + "=" + encoded(each.getValue()))
                        .collect(Collectors.joining("&"));
        response.sendRedirect(redirectUri + (redirectUri.indexOf('?') < 0 ? "?" : "&") + query);
    }

    private static String encoded(@Nullable String value) {
        return value == null
                ? ""
                : URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
