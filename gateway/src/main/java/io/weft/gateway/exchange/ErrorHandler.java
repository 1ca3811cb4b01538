// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import io.weft.dataplane.failure.Failure;
import io.weft.gateway.edge.Client;
import io.weft.gateway.edge.Edge;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponse;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/**
 * Answers what nobody wanted to handle, and what somebody failed to handle on a policy route. A
 * status that was chosen on purpose, and errors on the user's own routes, stay Spring's.
 */
public final class ErrorHandler implements WebExceptionHandler, Ordered {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorHandler.class);

    private final Edge edge;
    private final Refusals refusals;
    private final int order;

    /**
     * @param order before Spring Boot's own handler
     */
    public ErrorHandler(Edge edge, Refusals refusals, int order) {
        this.edge = edge;
        this.refusals = refusals;
        this.order = order;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        Client client = edge.client(exchange.getRequest());
        if (client == null || exchange.getResponse().isCommitted()) {
            return Mono.error(error);
        }
        if (error instanceof ErrorResponse response) {
            boolean nobody =
                    response.getStatusCode().isSameCodeAs(HttpStatus.NOT_FOUND)
                            && !isHandled(exchange);
            return nobody
                    ? refusals.answer(exchange, client, new Failure.NoRoute(false))
                    : Mono.error(error);
        }
        if (!PolicyExchange.isIn(exchange)) {
            return Mono.error(error);
        }
        LOG.error("a request on a policy route failed", error);
        return refusals.answer(exchange, client, new Failure.Defect());
    }

    private static boolean isHandled(ServerWebExchange exchange) {
        var attributes = exchange.getAttributes();
        return attributes.containsKey(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR)
                || attributes.containsKey(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
    }

    @Override
    public int getOrder() {
        return order;
    }
}
