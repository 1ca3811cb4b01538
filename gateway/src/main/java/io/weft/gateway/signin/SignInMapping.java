// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import io.weft.gateway.edge.Edge;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/** Whose requests are for the gateway itself: the paths of {@link Paths}, and no others. */
final class SignInMapping implements HandlerMapping, Ordered {

    private final Edge edge;
    private final Browser browser;
    private final Map<String, Map<HttpMethod, WebHandler>> handlers;
    private final int order;

    SignInMapping(
            Edge edge, Browser browser, SignIn signIn, SignOut signOut, Pages pages, int order) {
        this.edge = edge;
        this.browser = browser;
        this.order = order;
        this.handlers =
                Map.of(
                        Paths.START,
                        Map.of(HttpMethod.GET, exchange -> begin(signIn, exchange)),
                        Paths.CALLBACK,
                        Map.of(HttpMethod.GET, signIn::comeBack),
                        Paths.SIGN_OUT,
                        Map.of(
                                HttpMethod.GET,
                                exchange -> pages.askToSignOut(exchange.getResponse()),
                                HttpMethod.POST,
                                signOut::byPerson),
                        Paths.BACK_CHANNEL,
                        Map.of(HttpMethod.POST, signOut::byIssuer));
    }

    private static Mono<Void> begin(SignIn signIn, ServerWebExchange exchange) {
        String to = exchange.getRequest().getQueryParams().getFirst("to");
        return signIn.begin(exchange, LocalPath.orRoot(to));
    }

    @Override
    public Mono<Object> getHandler(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        String path = request.getURI().getRawPath();
        var ofPath = path == null ? null : handlers.get(path);
        if (ofPath == null || !isForUs(request, path)) {
            return Mono.empty();
        }
        return Mono.just(handler(ofPath, request.getMethod()));
    }

    /** The issuer may know the gateway by another name than browsers do. */
    private boolean isForUs(ServerHttpRequest request, @Nullable String path) {
        return edge.client(request) != null
                && (Paths.BACK_CHANNEL.equals(path) || browser.isHere(request));
    }

    private static WebHandler handler(Map<HttpMethod, WebHandler> ofPath, HttpMethod method) {
        WebHandler handler = ofPath.get(method);
        return handler == null ? exchange -> notAllowed(exchange, ofPath.keySet()) : handler;
    }

    private static Mono<Void> notAllowed(ServerWebExchange exchange, Set<HttpMethod> allowed) {
        exchange.getResponse().setStatusCode(HttpStatus.METHOD_NOT_ALLOWED);
        exchange.getResponse().getHeaders().setAllow(allowed);
        return exchange.getResponse().setComplete();
    }

    @Override
    public int getOrder() {
        return order;
    }
}
