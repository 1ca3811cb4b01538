// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.dispatch;

import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.dispatch.Permit;
import io.weft.dataplane.dispatch.Via;
import io.weft.gateway.exchange.Gate;
import io.weft.gateway.exchange.PolicyExchange;
import io.weft.gateway.exchange.Refusals;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The end of the chain: hands the request to the engine, and completes when there is a response to
 * be written. What the filters made of the request is what is sent, so the gate is asked again
 * whenever they have made something of it.
 */
public final class DispatchFilter implements GatewayFilter {

    private final Gate gate;
    private final Via via;
    private final Refusals refusals;

    public DispatchFilter(Gate gate, Via via, Refusals refusals) {
        this.gate = gate;
        this.via = via;
        this.refusals = refusals;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        PolicyExchange policy = PolicyExchange.of(exchange);
        if (exchange.getResponse().isCommitted()) {
            // The client's connection may be at its next request by now.
            return Mono.error(answered());
        }
        return switch (gate.admit(exchange)) {
            case Admission.Outcome.Admitted(Permit permit) -> dispatch(exchange, policy, permit);
            case Admission.Outcome.Refused refused ->
                    refusals.answer(exchange, policy.client(), refused);
        };
    }

    static IllegalStateException answered() {
        return new IllegalStateException("a filter sends on a request that has been answered");
    }

    private Mono<Void> dispatch(ServerWebExchange exchange, PolicyExchange policy, Permit permit) {
        return Mono.create(
                sink -> new Dispatch(exchange, policy, via, refusals, sink).start(permit));
    }
}
