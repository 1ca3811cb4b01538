// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.HttpLimits;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.loop.Worker;
import io.weft.policy.request.Caller;
import org.jspecify.annotations.Nullable;

/** Who sent a request, as far as its dispatch has to know; used on the client's event loop. */
public interface Client {

    Worker worker();

    /** Who sent it, as access rules see it: the gateway, on behalf of whoever has this address. */
    Caller caller();

    /** The port on which its connection arrived. */
    int port();

    /** How it came to the first of us: {@code http} or {@code https}. */
    String scheme();

    /** When the request was there, in {@link System#nanoTime()}. */
    long startedAt();

    /** The head as it was received, or null when it did not come as HTTP/1.1. */
    @Nullable RequestHead received();

    /** What a head may have, however it came. */
    HttpLimits limits();

    /** The request's body as it was read; its trailers are there when it is done. */
    BodyReader body();

    /** Fields about the client, as whole lines, that the request gets on its way. */
    byte[] forwardedLines();

    /** From now on somebody carries the request, and hears what becomes of the client. */
    void carriedBy(Carrier carrier);

    /** The client may send the body, if it is waiting with it. */
    void sendContinue();

    /** Whether more of the response is welcome; if not, {@link Carrier#onWritable} follows. */
    boolean isWritable();

    /** Breaks the response off, so that the client can tell. */
    void cut();
}
