// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.PolicyAnswer;
import io.weft.dataplane.dispatch.Preflight;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.server.Exchange;
import io.weft.dataplane.server.RequestHandler;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.match.AnsweringRule;
import io.weft.policy.match.CompiledDestination;
import io.weft.policy.match.CompiledRule;
import io.weft.policy.match.RouteDecision;
import io.weft.policy.request.Caller;

/**
 * What happens to a request that leaves a workload: it is routed and sent. Whether it may is
 * decided where it arrives.
 */
public final class MeshOutbound implements RequestHandler {

    /** In which a workload asks its own agent. */
    private static final String SCHEME = "http";

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final Caller workload;
    private final Routing routing;
    private final Admission admission;

    /**
     * @param workload that asks: it has no need to prove to its own proxy who it is
     */
    public MeshOutbound(ServiceName workload, Routing routing, Admission admission) {
        this.workload = Caller.of(workload, LOOPBACK);
        this.routing = routing;
        this.admission = admission;
    }

    @Override
    public void handle(Exchange exchange) {
        Plan plan = routing.plan();
        if (plan == null) {
            exchange.fail(new Failure.NotReady());
            return;
        }
        Preflight preflight = Preflight.of(plan.policy().routes(), exchange.head(), workload);
        if (preflight != null) {
            exchange.answer(preflight.answer(), plan.series(preflight.rule()));
            return;
        }
        switch (plan.policy().routes().match(exchange.head(), workload)) {
            case RouteDecision.Unmatched unmatched ->
                    exchange.fail(
                            new Failure.NoRoute(unmatched == RouteDecision.Unmatched.NO_MATCH));
            case CompiledRule rule -> {
                CompiledDestination to =
                        rule.pick(exchange.head(), exchange.caller(), exchange.worker().random());
                exchange.head().rewrite(to.rewrite());
                exchange.relay(admission.route(plan, rule, to));
            }
            case AnsweringRule rule ->
                    exchange.answer(
                            PolicyAnswer.of(rule, exchange.head(), SCHEME), plan.series(rule));
        }
    }
}
