// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.telemetry.Series;
import org.springframework.web.server.ServerWebExchange;

/** Decides whether a request may go on, as it is at the moment. */
public final class Gate {

    private final Admission admission;
    private final Series unrouted;

    /**
     * @param unrouted counts the requests that cannot be decided about
     */
    public Gate(Admission admission, Series unrouted) {
        this.admission = admission;
        this.unrouted = unrouted;
    }

    public Admission.Outcome admit(ServerWebExchange exchange) {
        try {
            return PolicyExchange.of(exchange).admit(admission, exchange.getRequest());
        } catch (UnsendableRequestException e) {
            return new Admission.Outcome.Refused(new Failure.Malformed(e.fault()), unrouted);
        }
    }
}
