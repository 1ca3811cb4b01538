// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.route;

import io.weft.policy.match.CompiledRule;
import io.weft.policy.route.FilterUse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.cloud.gateway.event.FilterArgsEvent;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.cache.ResponseCacheGatewayFilter;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.cloud.gateway.support.ShortcutConfigurable.ShortcutType;
import org.springframework.core.Ordered;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.annotation.OrderUtils;

/**
 * The filters that rules can name: the user's beans, and what the filter factories of Spring Cloud
 * Gateway and of the user make.
 */
public final class NamedFilters {

    private static final ParameterizedTypeReference<GatewayFilterFactory<?>> FACTORY =
            new ParameterizedTypeReference<>() {};

    private final ListableBeanFactory beans;
    private final ConfigurationService configuration;

    public NamedFilters(ListableBeanFactory beans, ConfigurationService configuration) {
        this.beans = beans;
        this.configuration = configuration;
    }

    /**
     * Makes a filter.
     *
     * @param rule that names it
     * @param place the filter's among those of its rule, from 1; its order when it has none itself,
     *     as the framework has it
     * @throws IllegalArgumentException when there is none of that name
     */
    OrderedGatewayFilter make(FilterUse use, CompiledRule rule, int place) {
        GatewayFilter filter = use.arguments().isEmpty() ? bean(use.name()) : null;
        if (filter == null) {
            filter = configured(factory(use.name()), use, "weft:" + rule);
        }
        int order =
                filter instanceof Ordered ordered
                        ? ordered.getOrder()
                        : OrderUtils.getOrder(filter.getClass(), place);
        return new OrderedGatewayFilter(
                filter instanceof ResponseCacheGatewayFilter cache ? careful(cache, rule) : filter,
                order);
    }

    /**
     * Access is decided about one of a rule's destinations, and the cache knows no destinations.
     */
    private static CarefulCache careful(ResponseCacheGatewayFilter cache, CompiledRule rule) {
        if (rule.destinations().stream().map(to -> to.destination().service()).distinct().count()
                > 1) {
            throw new IllegalArgumentException(
                    "answers of several services (expected: a rule with one)");
        }
        return new CarefulCache(cache);
    }

    private @Nullable GatewayFilter bean(String name) {
        return beans.containsBean(name) && beans.isTypeMatch(name, GatewayFilter.class)
                ? beans.getBean(name, GatewayFilter.class)
                : null;
    }

    private GatewayFilterFactory<?> factory(String name) {
        return beans.getBeanProvider(FACTORY).stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "there is no bean and no factory of that name"));
    }

    private <C> GatewayFilter configured(
            GatewayFilterFactory<C> factory, FilterUse use, String route) {
        Map<String, String> arguments = new FilterDefinition(use.toString()).getArgs();
        int taken = factory.shortcutFieldOrder().size();
        if (factory.shortcutType() == ShortcutType.DEFAULT && arguments.size() > taken) {
            // The framework would pass over the rest.
            throw new IllegalArgumentException(
                    arguments.size() + " arguments (expected: at most " + taken + ")");
        }
        C settings =
                configuration
                        .with(factory)
                        .name(use.name())
                        .properties(arguments)
                        // Some factories have helpers that hear of settings in this way only.
                        .eventFunction((_, args) -> new FilterArgsEvent(this, route, args))
                        .bind();
        return factory.apply(route, settings);
    }
}
