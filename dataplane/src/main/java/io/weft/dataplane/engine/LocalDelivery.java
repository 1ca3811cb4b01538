// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.dispatch.Permit;
import io.weft.dataplane.dispatch.Plan;
import io.weft.dataplane.dispatch.Routing;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.identity.Peer;
import io.weft.dataplane.server.Exchange;
import io.weft.dataplane.server.RequestHandler;
import io.weft.dataplane.token.RequestUsers;
import io.weft.dataplane.token.TokenVerifier;
import io.weft.policy.token.Users;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What happens to a request that reaches a workload: it is decided whether it may, and then it goes
 * to the application beside us. This is where access is decided for certain, because here the
 * caller has proved who it is.
 */
public final class LocalDelivery implements RequestHandler {

    private static final String UNIDENTIFIED = "unidentified";

    private final Routing routing;
    private final Admission admission;
    private final RequestUsers[] usersByLoop;
    private volatile Ways ways;

    /** The ways to the application, by the workload whose requests are counted on them. */
    private record Ways(Function<String, Permit> newPermit, Map<String, Permit> permits) {
        private Permit of(String source) {
            Permit known = permits.get(source);
            return known == null ? permits.computeIfAbsent(source, newPermit) : known;
        }
    }

    /**
     * @param tokens tells who the users of requests are
     * @param loops how many event loops handle requests
     * @param toApplication makes the permit for the requests of a workload
     */
    public LocalDelivery(
            Routing routing,
            Admission admission,
            TokenVerifier tokens,
            int loops,
            Function<String, Permit> toApplication) {
        this.routing = routing;
        this.admission = admission;
        this.usersByLoop =
                Stream.generate(() -> new RequestUsers(tokens))
                        .limit(loops)
                        .toArray(RequestUsers[]::new);
        this.ways = new Ways(toApplication, new ConcurrentHashMap<>());
    }

    /** From now on requests go to another application. */
    public void deliverTo(Function<String, Permit> toApplication) {
        ways = new Ways(toApplication, new ConcurrentHashMap<>());
    }

    @Override
    public void handle(Exchange exchange) {
        Plan plan = routing.plan();
        if (plan == null) {
            exchange.fail(new Failure.NotReady());
            return;
        }
        Peer peer = exchange.peer();
        Permit permit = ways.of(peer == null ? UNIDENTIFIED : peer.source());
        Users users = usersByLoop[exchange.worker().index()].of(exchange.head());
        switch (admission.admit(plan, permit, exchange.head(), exchange.caller(), users)) {
            case Admission.Outcome.Admitted(var admitted) -> exchange.relay(admitted);
            case Admission.Outcome.Refused(var failure, var series, _) ->
                    exchange.fail(failure, series);
        }
    }
}
