// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import io.weft.dataplane.dispatch.Admission;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.http.FieldEdits;
import io.weft.dataplane.telemetry.Series;
import io.weft.dataplane.token.RequestUsers;
import io.weft.dataplane.token.TokenVerifier;
import org.springframework.web.server.ServerWebExchange;

/** Decides whether a request may go on, as it is at the moment. */
public final class Gate {

    private final Admission admission;
    private final TokenVerifier tokens;
    private final Series unrouted;

    /**
     * @param tokens tells who the users of requests are
     * @param unrouted counts the requests that cannot be decided about
     */
    public Gate(Admission admission, TokenVerifier tokens, Series unrouted) {
        this.tokens = tokens;
        this.admission = admission;
        this.unrouted = unrouted;
    }

    public Admission.Outcome admit(ServerWebExchange exchange) {
        try {
            return PolicyExchange.of(exchange)
                    .admit(admission, new RequestUsers(tokens), exchange.getRequest());
        } catch (UnsendableRequestException e) {
            return new Admission.Outcome.Refused(
                    new Failure.Malformed(e.fault()), unrouted, FieldEdits.NONE);
        }
    }
}
