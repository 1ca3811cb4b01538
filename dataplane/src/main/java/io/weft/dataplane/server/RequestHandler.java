// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

/** What becomes of the requests of a listener; called on their event loops. */
@FunctionalInterface
public interface RequestHandler {

    /** Sees to it that the exchange is answered, now or later on the same event loop. */
    void handle(Exchange exchange);
}
