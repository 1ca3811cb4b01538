// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.route;

import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.PolicyAnswer;
import io.weft.dataplane.dispatch.Preflight;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.telemetry.Series;
import io.weft.gateway.edge.Client;
import io.weft.gateway.edge.Edge;
import io.weft.gateway.exchange.PolicyAnswers;
import io.weft.gateway.exchange.PolicyExchange;
import io.weft.gateway.exchange.Refusals;
import io.weft.gateway.exchange.RequestHeads;
import io.weft.gateway.exchange.UnsendableRequestException;
import io.weft.policy.match.AnsweringRule;
import io.weft.policy.match.CompiledDestination;
import io.weft.policy.match.CompiledRule;
import io.weft.policy.match.MatchedRule;
import io.weft.policy.match.RouteDecision;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;

/**
 * Asks the compiled route table whose a request is, before any other mapping: a rule's, nobody's
 * because its host is the policy's and no rule matches, or that of the mappings that follow.
 */
public final class SnapshotHandlerMapping implements HandlerMapping, Ordered {

    private static final WebHandler DONE = _ -> Mono.empty();

    private final Edge edge;
    private final Routing routing;
    private final RuleFilters chains;
    private final Refusals refusals;
    private final int order;
    private final PolicyRoutes routes = new PolicyRoutes();

    public SnapshotHandlerMapping(
            Edge edge, Routing routing, RuleFilters chains, Refusals refusals, int order) {
        this.edge = edge;
        this.routing = routing;
        this.chains = chains;
        this.refusals = refusals;
        this.order = order;
    }

    @Override
    public Mono<Object> getHandler(ServerWebExchange exchange) {
        Client client = edge.client(exchange.getRequest());
        if (client == null) {
            // The management port's, for example.
            return Mono.empty();
        }
        Plan plan = routing.plan();
        return plan == null
                ? refusal(exchange, client, new Failure.NotReady())
                : lookUp(exchange, client, plan);
    }

    private Mono<Object> lookUp(ServerWebExchange exchange, Client client, Plan plan) {
        RequestHead head;
        try {
            head = RequestHeads.of(exchange.getRequest(), client);
        } catch (UnsendableRequestException e) {
            return refusal(exchange, client, new Failure.Malformed(e.fault()));
        }
        Preflight preflight = Preflight.of(plan.policy().routes(), head, client.caller());
        if (preflight != null) {
            return answer(exchange, client, plan, preflight.answer(), preflight.rule(), head);
        }
        return switch (plan.policy().routes().match(head, client.caller())) {
            case RouteDecision.Unmatched.UNKNOWN_HOST -> Mono.empty();
            case RouteDecision.Unmatched.NO_MATCH ->
                    refusal(exchange, client, new Failure.NoRoute(true));
            case CompiledRule rule -> route(exchange, client, plan, rule, head);
            case AnsweringRule rule -> {
                String scheme = String.valueOf(exchange.getRequest().getURI().getScheme());
                var answer = PolicyAnswer.of(rule, head, scheme);
                yield answer(exchange, client, plan, answer, rule, head);
            }
        };
    }

    private static Mono<Object> answer(
            ServerWebExchange exchange,
            Client client,
            Plan plan,
            PolicyAnswer answer,
            MatchedRule rule,
            RequestHead head) {
        Series series = plan.series(rule);
        return handler(
                exchange, asked -> PolicyAnswers.answer(asked, client, answer, head, series));
    }

    private Mono<Object> refusal(ServerWebExchange exchange, Client client, Failure failure) {
        return handler(exchange, refused -> refusals.answer(refused, client, failure));
    }

    private Mono<Object> route(
            ServerWebExchange exchange,
            Client client,
            Plan plan,
            CompiledRule rule,
            RequestHead head) {
        ServerHttpRequest request = exchange.getRequest();
        CompiledDestination destination =
                rule.pick(head, client.caller(), ThreadLocalRandom.current().nextInt());
        new PolicyExchange(client, plan, rule, destination, request, head).putInto(exchange);
        return Mono.deferContextual(
                context -> {
                    Map<String, Object> attributes = exchange.getAttributes();
                    attributes.put(
                            ServerWebExchangeUtils.GATEWAY_HANDLER_MAPPER_ATTR,
                            SnapshotHandlerMapping.class.getSimpleName());
                    attributes.put(ServerWebExchangeUtils.GATEWAY_REACTOR_CONTEXT_ATTR, context);
                    attributes.put(
                            ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR,
                            routes.of(plan.policy().routes(), rule));
                    return handler(exchange, chains.of(plan.policy().routes(), rule));
                });
    }

    /**
     * Spring asks for the handler of a pre-flight request only to answer it by that handler's own
     * rules, and never calls it; here the service answers.
     */
    private static Mono<Object> handler(ServerWebExchange exchange, WebHandler handler) {
        return CorsUtils.isPreFlightRequest(exchange.getRequest())
                ? handler.handle(exchange).thenReturn(DONE)
                : Mono.just(handler);
    }

    @Override
    public int getOrder() {
        return order;
    }
}
