// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.telemetry.Series;
import io.weft.dataplane.token.RequestUsers;
import io.weft.gateway.edge.Client;
import io.weft.policy.match.CompiledDestination;
import io.weft.policy.match.CompiledRule;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * What is known about a request that matched a policy route: all of it, under one attribute of the
 * exchange.
 */
public final class PolicyExchange {

    private static final String ATTRIBUTE = PolicyExchange.class.getName();

    private final Client client;
    private final long startedAt;
    private final Plan plan;
    private final CompiledRule rule;
    private final CompiledDestination destination;

    /** The request as it was last looked at, and what was seen. */
    private ServerHttpRequest request;

    private RequestHead head;
    private Admission.@Nullable Outcome outcome;
    private @Nullable Reply reply;

    /**
     * @param head of the request as it is now
     */
    public PolicyExchange(
            Client client,
            Plan plan,
            CompiledRule rule,
            CompiledDestination destination,
            ServerHttpRequest request,
            RequestHead head) {
        this.client = client;
        this.startedAt = client.startedAt();
        this.plan = plan;
        this.rule = rule;
        this.destination = destination;
        this.request = request;
        this.head = asItArrives(head);
    }

    private RequestHead asItArrives(RequestHead asked) {
        asked.rewrite(destination.rewrite());
        return asked;
    }

    public static PolicyExchange of(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(ATTRIBUTE);
    }

    /** Whether the exchange is on a policy route. */
    public static boolean isIn(ServerWebExchange exchange) {
        return exchange.getAttributes().containsKey(ATTRIBUTE);
    }

    public void putInto(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    public Client client() {
        return client;
    }

    /** Counts the request when it ends here. */
    public Series series() {
        return plan.series(rule, destination);
    }

    /** The head of the request as it was admitted. */
    public RequestHead head() {
        return head;
    }

    /**
     * What the access rules say about the request. They are asked once, and again when somebody has
     * changed it.
     *
     * @param users tells who its user is
     * @throws UnsendableRequestException when it could not be sent
     */
    Admission.Outcome admit(Admission admission, RequestUsers users, ServerHttpRequest now) {
        if (client.startedAt() != startedAt) {
            throw new IllegalStateException("the request has been answered");
        }
        if (!now.equals(request)) {
            head = asItArrives(RequestHeads.of(now, client));
            request = now;
            outcome = null;
        }
        if (outcome == null) {
            outcome =
                    admission.admit(plan, rule, destination, head, client.caller(), users.of(head));
        }
        return outcome;
    }

    /** What came back, or null when nothing has. */
    public @Nullable Reply reply() {
        return reply;
    }

    /** Takes what came back; what came before, if filters have asked twice, nobody will write. */
    public void reply(Reply latest) {
        if (reply != null) {
            reply.giveUp();
        }
        reply = latest;
    }
}
