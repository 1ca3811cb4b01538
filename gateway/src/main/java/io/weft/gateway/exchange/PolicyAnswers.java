// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import io.weft.dataplane.dispatch.PolicyAnswer;
import io.weft.dataplane.failure.Flag;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.telemetry.Method;
import io.weft.dataplane.telemetry.Series;
import io.weft.gateway.edge.Client;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Gives the answers of the policy, through Spring. */
public final class PolicyAnswers {

    private PolicyAnswers() {}

    /**
     * Answers a request.
     *
     * @param head of the request
     * @param series where that is counted
     */
    public static Mono<Void> answer(
            ServerWebExchange exchange,
            Client client,
            PolicyAnswer answer,
            RequestHead head,
            Series series) {
        ServerHttpResponse response = exchange.getResponse();
        response.setRawStatusCode(answer.status());
        answer.headers()
                .forEach(each -> response.getHeaders().add(each.name().toString(), each.value()));
        OwnAnswers.count(client, series, Method.of(head), answer.status(), Flag.OK);
        if (!answer.mayHaveBody()) {
            return response.setComplete();
        }
        response.getHeaders().setContentLength(answer.body().length);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(answer.body())));
    }
}
