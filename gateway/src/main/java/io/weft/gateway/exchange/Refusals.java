// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.failure.Answer;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.failure.RefusalLog;
import io.weft.dataplane.server.ProblemResponse;
import io.weft.dataplane.telemetry.Method;
import io.weft.dataplane.telemetry.Series;
import io.weft.gateway.edge.Client;
import java.util.Arrays;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers requests that this gateway refuses, through Spring. */
public final class Refusals {

    private static final String LISTENER = "edge";

    private final RefusalLog log;
    private final Series unrouted;
    private final Invitation invitation;

    /**
     * @param unrouted counts the requests that fail before there is a route for them
     * @param invitation answers people, some of whom are sent to sign in; that counts as the
     *     refusal it is
     */
    public Refusals(RefusalLog log, Series unrouted, Invitation invitation) {
        this.log = log;
        this.unrouted = unrouted;
        this.invitation = invitation;
    }

    /** Answers a request for which there is no route. */
    public Mono<Void> answer(ServerWebExchange exchange, Client client, Failure failure) {
        return answer(exchange, client, failure, unrouted);
    }

    /**
     * Answers a request.
     *
     * @param series where that is counted
     */
    public Mono<Void> answer(
            ServerWebExchange exchange, Client client, Failure failure, Series series) {
        Refusal refusal = note(exchange, failure);
        Answer answer = refusal.answer();
        OwnAnswers.count(client, series, method(exchange), answer.status(), answer.flag());
        Mono<Void> invited = invitation.answer(exchange, failure, refusal);
        return invited == null ? write(exchange.getResponse(), refusal) : invited;
    }

    /** Answers a request that was not admitted. */
    public Mono<Void> answer(
            ServerWebExchange exchange, Client client, Admission.Outcome.Refused refused) {
        refused.edits().forEachAdded(exchange.getResponse().getHeaders()::add);
        return answer(exchange, client, refused.failure(), refused.series());
    }

    /** Notes a refusal that is counted elsewhere. */
    public Refusal note(ServerWebExchange exchange, Failure failure) {
        return log.add(LISTENER, failure, String.valueOf(exchange.getRequest().getRemoteAddress()));
    }

    private static Method method(ServerWebExchange exchange) {
        String name = exchange.getRequest().getMethod().name();
        return Arrays.stream(Method.values())
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(Method.OTHER);
    }

    public Mono<Void> write(ServerHttpResponse response, Refusal refusal) {
        byte[] problem = ProblemResponse.body(refusal);
        response.setRawStatusCode(refusal.answer().status());
        HttpHeaders headers = response.getHeaders();
        headers.clearContentHeaders();
        headers.set(HttpHeaders.CONTENT_TYPE, ProblemResponse.TYPE);
        headers.set(ProblemResponse.DECISION, refusal.decision());
        if (refusal.answer().challenge() != null) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, refusal.answer().challenge());
        }
        headers.setContentLength(problem.length);
        return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(problem)));
    }
}
