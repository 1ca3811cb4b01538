// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.failure.Flag;
import io.weft.dataplane.http.Redirection;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.telemetry.Method;
import io.weft.gateway.edge.Client;
import io.weft.policy.match.CompiledRedirect;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers requests that the policy sends elsewhere, through Spring. */
public final class Redirects {

    private Redirects() {}

    /**
     * Answers a request.
     *
     * @param head of the request
     */
    public static Mono<Void> answer(
            ServerWebExchange exchange,
            Client client,
            Plan plan,
            CompiledRedirect rule,
            RequestHead head) {
        int status = rule.redirect().status();
        ServerHttpResponse response = exchange.getResponse();
        response.setRawStatusCode(status);
        response.getHeaders()
                .set(HttpHeaders.LOCATION, Redirection.location(rule, head, client.scheme()));
        response.getHeaders().setContentLength(0);
        OwnAnswers.count(client, plan.series(rule), Method.of(head), status, Flag.OK);
        return response.setComplete();
    }
}
