// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.signin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Puts the {@link GuessBrake} before everything that compares a password or a one-time secret. */
public final class GuessFilter extends OncePerRequestFilter {

    private final GuessBrake brake;

    public GuessFilter(GuessBrake brake) {
        this.brake = brake;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !"POST".equals(request.getMethod())
                || !(Paths.LOGIN.equals(request.getServletPath())
                        || Paths.WELCOME.equals(request.getServletPath()));
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Duration wait = brake.attempt(userOf(request), request.getRemoteAddr());
        if (wait.isPositive()) {
            response.setHeader("Retry-After", String.valueOf(wait.toSeconds() + 1));
            response.sendError(HttpStatus.TOO_MANY_REQUESTS.value());
            return;
        }
        chain.doFilter(request, response);
    }

    static String userOf(HttpServletRequest request) {
        return Objects.requireNonNullElse(request.getParameter("username"), "");
    }
}
