// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.netty.buffer.ByteBuf;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.FieldEdits;
import io.weft.dataplane.http.ResponseHead;
import io.weft.dataplane.http.Sender;

/**
 * Where a request came from and its response goes: a connection of the engine's own server half, or
 * somebody else's. Called on the request's event loop.
 */
public interface Downstream {

    /** Who sends the requests. */
    Sender sender();

    /** Whether it is the edge, which has written down who its client is. */
    boolean isEdge();

    /** Fields about the client, as whole lines, that the request gets on its way otherwise. */
    byte[] forwardedLines();

    /**
     * From now on the request's body goes to {@link Relay#requestBody}.
     *
     * @return whether some of it follows at once, with {@link Relay#flushRequest} after it
     */
    boolean startBody();

    /** No more of the body, until {@link #resumeBody}. */
    void pauseBody();

    void resumeBody();

    /** The client may send the body it is waiting with. */
    void sendContinue();

    /**
     * The response begins.
     *
     * @param head valid until {@link #responseEnd} returns
     * @param edits of the policy
     */
    void responseHead(ResponseHead head, FieldEdits edits);

    /** A piece of the response's body, to be released by the callee. */
    void responseBody(ByteBuf data);

    /** The response is complete. */
    void responseEnd(BodyReader body);

    /** What was written can go out now. */
    void flush();

    /**
     * Whether more of the response is welcome; if not, {@link Relay#downstreamWritable} follows.
     */
    boolean isWritable();

    /**
     * Forgets the response as if it had never begun.
     *
     * @return false when somebody may have seen some of it
     */
    boolean takeBack();

    /**
     * There will be no response.
     *
     * @param edits of the answer that is given instead
     */
    void failed(Failure failure, FieldEdits edits);

    /** The response breaks off in the middle, and the client must be able to tell. */
    void abort();
}
