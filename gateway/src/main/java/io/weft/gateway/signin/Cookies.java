// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * The gateway's own cookies: one for the session, and some for those who are about to sign in.
 * Where there is TLS they are bound to this very host ({@code __Host-}, RFC 6265bis §4.1.3.2).
 */
final class Cookies {

    private static final String HOST = "__Host-";
    private static final String SESSION = "weft-session";

    /** Also how the auth service's own begins: browsers do not tell the ports of a host apart. */
    private static final String SIGN_IN = "weft-sign-in";

    private static final Duration SIGN_IN_LIFE = Duration.ofMinutes(10);

    private final boolean secure;
    private final String session;
    private final String signIn;

    /**
     * @param secure whether browsers come by TLS
     */
    Cookies(boolean secure) {
        this.secure = secure;
        this.session = (secure ? HOST : "") + SESSION;
        this.signIn = (secure ? HOST : "") + SIGN_IN;
    }

    /** Whether any of them may be there; costs next to nothing where there is none. */
    boolean areIn(HttpHeaders headers) {
        List<String> lines = headers.get(HttpHeaders.COOKIE);
        if (lines != null) {
            for (String line : lines) {
                if (line.contains(SESSION) || line.contains(SIGN_IN)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * The session's id. Of two cookies of the name one was planted by somebody, so that neither
     * counts.
     */
    @Nullable String sessionIn(HttpHeaders headers) {
        return value(headers, session);
    }

    /** What was kept for somebody about to sign in. */
    @Nullable String signInIn(HttpHeaders headers, int slot) {
        return value(headers, signIn + "-" + slot);
    }

    private static @Nullable String value(HttpHeaders headers, String name) {
        String found = null;
        for (String pair : pairs(headers)) {
            if (name.equals(name(pair))) {
                if (found != null) {
                    return null;
                }
                found = pair.substring(name.length() + 1);
            }
        }
        return found;
    }

    /** Leaves those of others, which are all that a service gets to see. */
    void removeFrom(HttpHeaders headers) {
        List<String> others = pairs(headers).stream().filter(pair -> !isOurs(name(pair))).toList();
        if (others.isEmpty()) {
            headers.remove(HttpHeaders.COOKIE);
        } else {
            headers.set(HttpHeaders.COOKIE, String.join("; ", others));
        }
    }

    private static boolean isOurs(String name) {
        String bare = name.startsWith(HOST) ? name.substring(HOST.length()) : name;
        return bare.equals(SESSION) || bare.startsWith(SIGN_IN);
    }

    private static List<String> pairs(HttpHeaders headers) {
        var pairs = new ArrayList<String>();
        for (String line : headers.getOrEmpty(HttpHeaders.COOKIE)) {
            for (String pair : line.split(";", -1)) {
                if (!pair.isBlank()) {
                    pairs.add(pair.strip());
                }
            }
        }
        return pairs;
    }

    private static String name(String pair) {
        int end = pair.indexOf('=');
        return end < 0 ? "" : pair.substring(0, end);
    }

    ResponseCookie session(String id) {
        return cookie(session, id).build();
    }

    ResponseCookie noSession() {
        return cookie(session, "").maxAge(Duration.ZERO).build();
    }

    ResponseCookie signIn(int slot, String value) {
        return cookie(signIn + "-" + slot, value).maxAge(SIGN_IN_LIFE).build();
    }

    ResponseCookie noSignIn(int slot) {
        return cookie(signIn + "-" + slot, "").maxAge(Duration.ZERO).build();
    }

    private ResponseCookie.ResponseCookieBuilder cookie(String name, String value) {
        return ResponseCookie.from(name, value)
                .path("/")
                .httpOnly(true)
                .secure(secure)
                .sameSite("Lax");
    }
}
