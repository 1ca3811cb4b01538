// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.route;

import io.weft.policy.match.CompiledRule;
import io.weft.policy.match.RouteTable;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.route.Route;
import reactor.core.publisher.Mono;

/**
 * The rules of the policy as Spring Cloud Gateway knows routes, for filters that ask on which one
 * they are. Each is made when a request first needs it; two event loops may make the same one, and
 * either is right.
 */
final class PolicyRoutes {

    /** No transport of the framework's feels responsible for this scheme. */
    private static final URI TARGET = URI.create("weft://policy");

    private volatile @Nullable Made made;

    private record Made(RouteTable table, @Nullable Route[] bySlot) {}

    Route of(RouteTable table, CompiledRule rule) {
        Made current = made;
        if (current == null || !current.table.equals(table)) {
            current = new Made(table, new Route[table.rules().size()]);
            made = current;
        }
        Route route = current.bySlot[rule.slot()];
        if (route == null) {
            route = newRoute(rule);
            current.bySlot[rule.slot()] = route;
        }
        return route;
    }

    private static Route newRoute(CompiledRule rule) {
        return Route.async()
                .id("weft:" + rule)
                .uri(TARGET)
                .asyncPredicate(_ -> Mono.just(true))
                .build();
    }
}
