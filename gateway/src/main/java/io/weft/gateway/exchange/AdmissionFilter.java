// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import io.weft.dataplane.dispatch.Admission;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Lets those requests through that the access rules allow. */
public final class AdmissionFilter implements GatewayFilter {

    private final Gate gate;
    private final Refusals refusals;

    public AdmissionFilter(Gate gate, Refusals refusals) {
        this.gate = gate;
        this.refusals = refusals;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return switch (gate.admit(exchange)) {
            case Admission.Outcome.Admitted _ -> chain.filter(exchange);
            case Admission.Outcome.Refused refused ->
                    refusals.answer(exchange, PolicyExchange.of(exchange).client(), refused);
        };
    }
}
