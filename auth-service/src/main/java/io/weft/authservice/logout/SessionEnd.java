// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.logout;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.authorization.oidc.authentication.OidcLogoutAuthenticationToken;
import org.springframework.security.web.authentication.logout.LogoutHandler;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;

/** Signs out here, on this server's own page or because a client asked, and at every client. */
public final class SessionEnd implements LogoutHandler {

    private final BackChannelLogout clients;
    private final SecurityContextLogoutHandler here = new SecurityContextLogoutHandler();

    public SessionEnd(BackChannelLogout clients) {
        this.clients = clients;
    }

    @Override
    public void logout(
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable Authentication authentication) {
        HttpSession session = request.getSession(false);
        String own = session == null ? null : sid(session.getId());
        String asked =
                authentication instanceof OidcLogoutAuthenticationToken logout
                                && logout.getIdToken() != null
                        ? logout.getIdToken().getClaim("sid")
                        : null;
        here.logout(request, response, authentication);
        if (own != null) {
            clients.end(own);
        }
        if (asked != null && !asked.equals(own)) {
            clients.end(asked);
        }
    }

    /** As Spring Security writes the id of a session into ID tokens. */
    private static String sid(String sessionId) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(sessionId.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
