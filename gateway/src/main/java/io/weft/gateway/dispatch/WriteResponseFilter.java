// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.dispatch;

import io.weft.gateway.exchange.PolicyExchange;
import io.weft.gateway.exchange.Reply;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Writes what came back, once every filter has had its say about status and header fields. */
public final class WriteResponseFilter implements GatewayFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        PolicyExchange policy = PolicyExchange.of(exchange);
        return chain.filter(exchange)
                .then(Mono.defer(() -> write(exchange, policy)))
                .doFinally(_ -> giveUp(policy));
    }

    private static Mono<Void> write(ServerWebExchange exchange, PolicyExchange policy) {
        Reply reply = policy.reply();
        return reply == null ? Mono.empty() : reply.writeTo(exchange.getResponse());
    }

    private static void giveUp(PolicyExchange policy) {
        Reply reply = policy.reply();
        if (reply != null) {
            reply.giveUp();
        }
    }
}
