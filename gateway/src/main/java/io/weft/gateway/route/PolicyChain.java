// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.route;

import java.util.ArrayList;
import java.util.List;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.annotation.OrderUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * The filter chain of policy routes: every global filter there is, and ours. It is the same for all
 * of them, so it is sorted once, where the framework's handler sorts for every route.
 */
public final class PolicyChain implements WebHandler {

    private final GatewayFilterChain first;

    /**
     * @param global the framework's filters and the user's
     * @param ours of the same order, ours come last
     */
    public PolicyChain(List<GlobalFilter> global, List<OrderedGatewayFilter> ours) {
        var all = new ArrayList<OrderedGatewayFilter>();
        global.stream()
                .filter(each -> !(each instanceof OpenRoutesFilter))
                .forEach(each -> all.add(new OrderedGatewayFilter(each::filter, order(each))));
        all.addAll(ours);
        AnnotationAwareOrderComparator.sort(all);
        GatewayFilterChain chain = _ -> Mono.empty();
        for (OrderedGatewayFilter each : all.reversed()) {
            chain = new Link(each.getDelegate(), chain);
        }
        this.first = chain;
    }

    /** As the framework finds it: by interface, then by annotation, otherwise last. */
    private static int order(GlobalFilter filter) {
        return filter instanceof Ordered ordered
                ? ordered.getOrder()
                : OrderUtils.getOrder(filter.getClass(), Ordered.LOWEST_PRECEDENCE);
    }

    /** Filters run when somebody subscribes: the one before may have something to wait for. */
    private record Link(GatewayFilter filter, GatewayFilterChain next)
            implements GatewayFilterChain {
        @Override
        public Mono<Void> filter(ServerWebExchange exchange) {
            return Mono.defer(() -> filter.filter(exchange, next));
        }
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange) {
        return first.filter(exchange);
    }
}
