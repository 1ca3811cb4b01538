// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.signin;

import io.weft.gateway.exchange.PolicyExchange;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Puts the session's access token in the place of the session's cookie. The token goes to services
 * of the policy only, the cookie to nobody. A request with an Authorization of its own is judged by
 * that, and one that another site made a browser send has no session.
 */
final class SessionFilter implements GlobalFilter, Ordered {

    private final Cookies cookies;
    private final Browser browser;
    private final Sessions sessions;
    private final SessionTokens tokens;
    private final int order;

    SessionFilter(
            Cookies cookies, Browser browser, Sessions sessions, SessionTokens tokens, int order) {
        this.cookies = cookies;
        this.browser = browser;
        this.sessions = sessions;
        this.tokens = tokens;
        this.order = order;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        if (!cookies.areIn(headers)) {
            return chain.filter(exchange);
        }
        String id = PolicyExchange.isIn(exchange) ? sessionOf(exchange.getRequest()) : null;
        Session session = id == null ? null : sessions.find(id);
        if (id == null || session == null) {
            return chain.filter(sent(exchange, null));
        }
        String token = tokens.atOnce(id, session);
        return token == null
                ? later(exchange, chain, tokens.renewed(id, session))
                : chain.filter(sent(exchange, token));
    }

    private @Nullable String sessionOf(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        return headers.containsHeader(HttpHeaders.AUTHORIZATION) || browser.isForeign(request)
                ? null
                : cookies.sessionIn(headers);
    }

    /** The rest happens on the client's event loop, where it would have happened at once. */
    private Mono<Void> later(
            ServerWebExchange exchange, GatewayFilterChain chain, Mono<String> token) {
        var loop = PolicyExchange.of(exchange).client().worker().loop();
        return token.map(each -> sent(exchange, each))
                .defaultIfEmpty(sent(exchange, null))
                .publishOn(Schedulers.fromExecutor(loop))
                .flatMap(chain::filter);
    }

    private ServerWebExchange sent(ServerWebExchange exchange, @Nullable String token) {
        ServerHttpRequest request =
                exchange.getRequest()
                        .mutate()
                        .headers(
                                headers -> {
                                    cookies.removeFrom(headers);
                                    if (token != null) {
                                        headers.setBearerAuth(token);
                                    }
                                })
                        .build();
        return exchange.mutate().request(request).build();
    }

    @Override
    public int getOrder() {
        return order;
    }
}
