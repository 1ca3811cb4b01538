// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.weft.dataplane.dispatch.Permit;
import io.weft.dataplane.dispatch.PolicyAnswer;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.identity.Peer;
import io.weft.dataplane.loop.Worker;
import io.weft.dataplane.telemetry.Series;
import io.weft.policy.request.Caller;
import org.jspecify.annotations.Nullable;

/** A request on a connection of the engine's own, waiting to be answered in one of four ways. */
public interface Exchange {

    /** Valid until the request has been answered. */
    RequestHead head();

    Worker worker();

    /** Who sent it, or null when nobody has proved anything. */
    @Nullable Peer peer();

    /** Who sent it, as access rules see it. */
    Caller caller();

    /** Sends it where it may go. */
    void relay(Permit permit);

    /** Answers that it failed before there was a route for it. */
    void fail(Failure failure);

    /**
     * Answers that it failed.
     *
     * @param series where that is counted
     */
    void fail(Failure failure, Series series);

    /**
     * Answers what the policy says.
     *
     * @param series where that is counted
     */
    void answer(PolicyAnswer answer, Series series);

    /**
     * Answers it at once.
     *
     * @param contentType of the body
     */
    void respond(int status, String reason, String contentType, byte[] body);
}
