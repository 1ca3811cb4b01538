// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.server.Exchange;
import io.weft.dataplane.server.RequestHandler;
import io.weft.policy.match.CompiledDestination;
import io.weft.policy.match.CompiledRule;
import io.weft.policy.match.RouteDecision;

/** What happens to a request that leaves a workload: route, access, dispatch. */
public final class MeshOutbound implements RequestHandler {

    private final Routing routing;
    private final Admission admission;

    public MeshOutbound(Routing routing, Admission admission) {
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
        switch (plan.policy().routes().match(exchange.head())) {
            case RouteDecision.Unmatched unmatched ->
                    exchange.fail(
                            new Failure.NoRoute(unmatched == RouteDecision.Unmatched.NO_MATCH));
            case CompiledRule rule -> admit(exchange, plan, rule);
        }
    }

    private void admit(Exchange exchange, Plan plan, CompiledRule rule) {
        CompiledDestination destination = rule.pick(exchange.worker().random());
        switch (admission.admit(plan, rule, destination, exchange.head())) {
            case Admission.Outcome.Admitted(var permit) -> exchange.relay(permit);
            case Admission.Outcome.Refused(var failure, var series) ->
                    exchange.fail(failure, series);
        }
    }
}
