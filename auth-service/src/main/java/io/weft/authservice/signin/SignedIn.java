// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.signin;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;

/** Gives the attempt back and goes on to where the person was going. */
public final class SignedIn extends SavedRequestAwareAuthenticationSuccessHandler {

    /**
     * Sessions of those who only looked at the form end long before, see {@code application.yml}.
     */
    private static final Duration SESSION = Duration.ofHours(8);

    private final GuessBrake brake;

    public SignedIn(GuessBrake brake) {
        this.brake = brake;
    }

    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication person)
            throws IOException, ServletException {
        brake.succeeded(GuessFilter.userOf(request), request.getRemoteAddr());
        request.getSession().setMaxInactiveInterval((int) SESSION.toSeconds());
        super.onAuthenticationSuccess(request, response, person);
    }
}
