// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.engine;

import io.weft.dataplane.dispatch.Permit;
import io.weft.dataplane.server.Exchange;
import io.weft.dataplane.server.RequestHandler;

/** What happens to a request that reaches a workload: it goes to the application beside us. */
public final class LocalDelivery implements RequestHandler {

    private volatile Permit toApplication;

    public LocalDelivery(Permit toApplication) {
        this.toApplication = toApplication;
    }

    /** From now on requests go to another application. */
    public void deliverTo(Permit toApplication) {
        this.toApplication = toApplication;
    }

    @Override
    public void handle(Exchange exchange) {
        exchange.relay(toApplication);
    }
}
