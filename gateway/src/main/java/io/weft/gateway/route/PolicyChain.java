// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.route;

import java.util.ArrayList;
import java.util.List;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.filter.factory.cache.GlobalLocalResponseCacheGatewayFilter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.annotation.OrderUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * The filter chain of policy routes: every global filter there is, and ours. It is the same for all
 * rules that name no filters of their own, so it is sorted once, where the framework's handler
 * sorts for every route.
 */
public final class PolicyChain implements WebHandler {

    /** Up to the admission. */
    private final List<OrderedGatewayFilter> entrance;

    private final List<OrderedGatewayFilter> behind;
    private final OrderedGatewayFilter last;
    private final WebHandler plain;

    /**
     * @param global the framework's filters and the user's; of the same order, ours come last
     * @param admission decides about access
     * @param behind it, in their order
     */
    public PolicyChain(
            List<GlobalFilter> global,
            OrderedGatewayFilter admission,
            List<OrderedGatewayFilter> behind) {
        var all = new ArrayList<OrderedGatewayFilter>();
        global.stream()
                .filter(PolicyChain::isForPolicyRoutes)
                .forEach(each -> all.add(new OrderedGatewayFilter(each::filter, order(each))));
        all.add(admission);
        all.addAll(behind);
        AnnotationAwareOrderComparator.sort(all);
        int admitted = all.indexOf(admission) + 1;
        this.last = behind.getLast();
        this.entrance = List.copyOf(all.subList(0, admitted));
        this.behind = List.copyOf(all.subList(admitted, all.size() - 1));
        this.plain = with(List.of());
    }

    /**
     * A cache for all routes at once finds answers by their address: a rule that asks for a header
     * would have another's. Rules name their own.
     */
    private static boolean isForPolicyRoutes(GlobalFilter filter) {
        return !(filter instanceof OpenRoutesFilter)
                && !(filter instanceof GlobalLocalResponseCacheGatewayFilter);
    }

    /** As the framework finds it: by interface, then by annotation, otherwise last. */
    private static int order(GlobalFilter filter) {
        return filter instanceof Ordered ordered
                ? ordered.getOrder()
                : OrderUtils.getOrder(filter.getClass(), Ordered.LOWEST_PRECEDENCE);
    }

    /**
     * The chain of a rule with filters of its own. Whatever their order, they stand behind the
     * admission and before the dispatch.
     */
    WebHandler with(List<OrderedGatewayFilter> named) {
        var sorted = new ArrayList<>(behind);
        sorted.addAll(named);
        AnnotationAwareOrderComparator.sort(sorted);
        var all = new ArrayList<>(entrance);
        all.addAll(sorted);
        all.add(last);
        GatewayFilterChain chain = _ -> Mono.empty();
        for (OrderedGatewayFilter each : all.reversed()) {
            chain = new Link(each.getDelegate(), chain);
        }
        return chain::filter;
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
        return plain.handle(exchange);
    }
}
