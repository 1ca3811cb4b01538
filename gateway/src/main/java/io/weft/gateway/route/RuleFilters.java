// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.route;

import io.weft.dataplane.failure.Failure;
import io.weft.gateway.exchange.PolicyExchange;
import io.weft.gateway.exchange.Refusals;
import io.weft.policy.match.CompiledRule;
import io.weft.policy.match.RouteTable;
import io.weft.policy.route.FilterUse;
import io.weft.policy.route.Route;
import io.weft.policy.route.RouteName;
import io.weft.policy.snapshot.PolicySnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.web.server.WebHandler;

/**
 * The chains of rules that name filters. They are made before a policy comes into force, and those
 * of routes that have not changed stay, with whatever their filters remember. A rule with a filter
 * that cannot be made answers nothing but its failure: what the filter was to do may be what makes
 * the request safe.
 */
public final class RuleFilters {

    private static final Logger LOG = LoggerFactory.getLogger(RuleFilters.class);

    private final NamedFilters filters;
    private final PolicyChain chain;
    private final Refusals refusals;

    /** Of the policy in force, and of the one that comes into force or was there before. */
    private volatile List<Made> made = List.of();

    private record Made(RouteTable table, Map<String, RuleChain> byRule) {}

    /**
     * @param route that it was made for
     * @param problem why its requests are refused, or null
     */
    private record RuleChain(
            Route route, WebHandler handler, Failure.@Nullable UnusableFilter problem) {}

    public RuleFilters(NamedFilters filters, PolicyChain chain, Refusals refusals) {
        this.filters = filters;
        this.chain = chain;
        this.refusals = refusals;
    }

    /** Makes the chains of a policy that will be in force. */
    public synchronized void use(PolicySnapshot policy) {
        Map<RouteName, Route> routes =
                policy.objects().routes().stream()
                        .collect(Collectors.toMap(Route::name, Function.identity()));
        var chains = new HashMap<String, RuleChain>();
        policy.routes().rules().stream()
                .filter(CompiledRule.class::isInstance)
                .map(CompiledRule.class::cast)
                .filter(rule -> !rule.filters().isEmpty())
                .forEach(
                        rule -> chains.put(rule.toString(), chain(rule, routes.get(rule.route()))));
        var next = new ArrayList<Made>();
        next.add(new Made(policy.routes(), Map.copyOf(chains)));
        made.stream().limit(1).forEach(next::add);
        made = List.copyOf(next);
    }

    private RuleChain chain(CompiledRule rule, @Nullable Route route) {
        if (route == null) {
            throw new IllegalStateException("a rule of no route: " + rule);
        }
        RuleChain known = made.isEmpty() ? null : made.getFirst().byRule.get(rule.toString());
        return known != null && known.route.equals(route) ? known : newChain(rule, route);
    }

    private RuleChain newChain(CompiledRule rule, Route route) {
        var named = new ArrayList<OrderedGatewayFilter>();
        for (FilterUse use : rule.filters()) {
            try {
                named.add(filters.make(use, rule, named.size() + 1));
            } catch (RuntimeException e) {
                return broken(rule, route, use, e);
            }
        }
        return new RuleChain(route, chain.with(named), null);
    }

    private RuleChain broken(CompiledRule rule, Route route, FilterUse use, RuntimeException e) {
        String why = String.valueOf(NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        var problem = new Failure.UnusableFilter(rule.toString(), use.toString(), why);
        LOG.error("rule {}; its requests are answered with 500", problem.detail());
        GatewayFilter refusal =
                (exchange, _) -> {
                    PolicyExchange policy = PolicyExchange.of(exchange);
                    return refusals.answer(exchange, policy.client(), problem, policy.series());
                };
        var first = new OrderedGatewayFilter(refusal, Ordered.HIGHEST_PRECEDENCE);
        return new RuleChain(route, chain.with(List.of(first)), problem);
    }

    /** The chain that a rule's requests pass. */
    WebHandler of(RouteTable table, CompiledRule rule) {
        if (rule.filters().isEmpty()) {
            return chain;
        }
        for (Made each : made) {
            RuleChain ofRule = each.table.equals(table) ? each.byRule.get(rule.toString()) : null;
            if (ofRule != null) {
                return ofRule.handler;
            }
        }
        throw new IllegalStateException("a rule of a policy that has not been in force: " + rule);
    }

    /** What the policy in force asks for and this gateway cannot do, in words. */
    public List<String> problems() {
        return made.isEmpty()
                ? List.of()
                : made.getFirst().byRule.values().stream()
                        .map(RuleChain::problem)
                        .flatMap(
                                problem ->
                                        problem == null
                                                ? Stream.empty()
                                                : Stream.of(problem.detail()))
                        .sorted()
                        .toList();
    }
}
