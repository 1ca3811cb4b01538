// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.route;

import io.weft.dataplane.failure.Failure;
import io.weft.gateway.edge.Client;
import io.weft.gateway.edge.Edge;
import io.weft.gateway.exchange.Refusals;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Refuses requests on the user's own Spring routes unless somebody has said that they are open:
 * what no access rule is asked about would be a side door otherwise. Requests that did not come
 * through the edge find none of them.
 */
public final class OpenRoutesFilter implements GlobalFilter, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(OpenRoutesFilter.class);
    private static final String SETTING = "weft.gateway.open-routes";

    private final Set<String> open;
    private final Edge edge;
    private final Refusals refusals;
    private final int order;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * @param open ids of routes
     */
    public OpenRoutesFilter(Set<String> open, Edge edge, Refusals refusals, int order) {
        this.open = open;
        this.edge = edge;
        this.refusals = refusals;
        this.order = order;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        Client client = edge.client(exchange.getRequest());
        if (client == null) {
            // The framework knows the management port only by the number that was set for it.
            return Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND));
        }
        if (open.contains(route.getId())) {
            return chain.filter(exchange);
        }
        if (told.add(route.getId())) {
            LOG.warn(
                    "Spring route {} is refused, because no access rule is asked about it; write"
                            + " {}: {} to open it to everybody",
                    route.getId(),
                    SETTING,
                    route.getId());
        }
        return refusals.answer(exchange, client, new Failure.Denied(SETTING));
    }

    @Override
    public int getOrder() {
        return order;
    }
}
