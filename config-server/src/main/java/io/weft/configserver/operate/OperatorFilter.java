// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver.operate;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a request through if its caller has the right that it needs. What it needs follows from its
 * method; the only paths that matter are the few of management that everybody may ask, and these
 * are compared as they were sent, so that no other way of writing a path opens anything.
 */
final class OperatorFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(OperatorFilter.class);

    private static final Set<String> LOOKING = Set.of("GET", "HEAD");

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final int LONGEST_SHOWN = 100;

    private final Callers callers;
    private final boolean openOnLoopback;
    private final Pattern management;
    private final Pattern openToAll;

    /**
     * @param managementPath under which management is, such as {@code /actuator}
     * @param openOnLoopback whether anybody on this machine may look
     */
    OperatorFilter(Callers callers, String managementPath, boolean openOnLoopback) {
        this.callers = callers;
        this.openOnLoopback = openOnLoopback;
        String path = Pattern.quote(managementPath);
        this.management = Pattern.compile(path + "(/.*)?");
        this.openToAll = Pattern.compile(path + "/(health(/[A-Za-z0-9_-]+)*|info|prometheus)");
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Right needed = neededBy(request);
        if (needed == Right.NONE) {
            chain.doFilter(request, response);
            return;
        }
        switch (callers.of(request)) {
            case Caller.Proven who when who.right().covers(needed) -> {
                if (needed == Right.OPERATE) {
                    log.info("{}: {} {}", shown(who.name()), request.getMethod(), path(request));
                }
                chain.doFilter(request, response);
            }
            case Caller.Anonymous() when needed == Right.VIEW && isOpenTo(request) ->
                    chain.doFilter(request, response);
            case Caller.Proven who -> {
                log.warn(
                        "{} at {} may not {} {}",
                        shown(who.name()),
                        request.getRemoteAddr(),
                        request.getMethod(),
                        path(request));
                refuse(
                        response,
                        HttpStatus.FORBIDDEN,
                        ", error=\"insufficient_scope\", scope=\"" + Callers.SCOPE + '"',
                        "this takes the scope "
                                + Callers.SCOPE
                                + " and the role "
                                + (needed == Right.VIEW ? "weft-viewer" : "weft-operator"));
            }
            case Caller.Anonymous() ->
                    refuse(response, HttpStatus.UNAUTHORIZED, "", "an access token is needed");
            case Caller.Refused(String reason) ->
                    refuse(
                            response,
                            HttpStatus.UNAUTHORIZED,
                            ", error=\"invalid_token\", error_description=\"" + reason + '"',
                            reason);
        }
    }

    private Right neededBy(HttpServletRequest request) {
        boolean looks = LOOKING.contains(request.getMethod());
        String path = request.getRequestURI().substring(request.getContextPath().length());
        if (looks && openToAll.matcher(path).matches()) {
            return Right.NONE;
        }
        // A heap dump is a GET.
        boolean isManagement =
                management.matcher(request.getServletPath()).matches()
                        || management.matcher(path).matches();
        return looks && !isManagement ? Right.VIEW : Right.OPERATE;
    }

    /**
     * Somebody on this machine who knows where he is: not a page of another site whose name was
     * made to mean this machine, and not a proxy that speaks for others.
     */
    private boolean isOpenTo(HttpServletRequest request) {
        return openOnLoopback
                && InetAddress.ofLiteral(request.getRemoteAddr()).isLoopbackAddress()
                && THIS_MACHINE.contains(request.getServerName())
                && request.getHeader("X-Forwarded-For") == null
                && request.getHeader("Forwarded") == null;
    }

    /** Problem details (RFC 9457) and what to show instead (RFC 6750 §3). */
    private static void refuse(
            HttpServletResponse response, HttpStatus status, String parameters, String detail)
            throws IOException {
        response.setStatus(status.value());
        response.setHeader("WWW-Authenticate", "Bearer realm=\"weft\"" + parameters);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/problem+json");
        response.getWriter()
                .write(
                        "{\"status\":%d,\"title\":\"%s\",\"detail\":\"%s\"}"
                                .formatted(status.value(), status.getReasonPhrase(), detail));
    }

    private static String path(HttpServletRequest request) {
        return shown(request.getRequestURI());
    }

    private static String shown(String text) {
        String cut = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }
}
