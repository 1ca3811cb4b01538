// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import io.weft.gateway.settings.SignInSettings;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** What a request says about the browser that sent it, if one did. */
final class Browser {

    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final String origin;
    private final String host;
    private final int port;

    Browser(SignInSettings settings) {
        URI base = URI.create(settings.origin());
        this.origin = settings.origin();
        this.host = base.getHost().toLowerCase(Locale.ROOT);
        this.port = base.getPort() >= 0 ? base.getPort() : defaultPort(base);
    }

    private static int defaultPort(URI base) {
        return "https".equals(base.getScheme()) ? 443 : 80;
    }

    /** Whether the request is for the one host on which people can sign in. */
    boolean isHere(ServerHttpRequest request) {
        String field = request.getHeaders().getFirst(HttpHeaders.HOST);
        if (field == null) {
            return false;
        }
        String asked = field.toLowerCase(Locale.ROOT);
        return asked.equals(host + ":" + port) || asked.equals(host) && (port == 80 || port == 443);
    }

    /** Whether somebody is looking: a page is asked for, by an address bar or a link. */
    static boolean isNavigation(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        String mode = headers.getFirst("sec-fetch-mode");
        return HttpMethod.GET.equals(request.getMethod())
                && (mode == null || mode.equals("navigate"))
                && wantsHtml(headers.getFirst(HttpHeaders.ACCEPT));
    }

    private static boolean wantsHtml(@Nullable String accept) {
        return accept != null && accept.contains("text/html");
    }

    /**
     * Whether a page of another origin made the browser send a request that may change something
     * (CSRF). Every browser says one or the other; what says neither is no browser.
     */
    boolean isForeign(ServerHttpRequest request) {
        if (SAFE.contains(request.getMethod())) {
            return false;
        }
        String site = request.getHeaders().getFirst("sec-fetch-site");
        if (site != null) {
            return !site.equals("same-origin") && !site.equals("none");
        }
        String from = request.getHeaders().getFirst(HttpHeaders.ORIGIN);
        return from != null && !from.equals(origin);
    }
}
