// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.upstream;

import io.netty.buffer.ByteBuf;
import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.HttpFault;
import io.weft.dataplane.http.ResponseHead;

/** Who uses a connection for one request; called on its event loop. */
public interface UpstreamUser {

    /** A response that only announces another one. */
    void onInterim(ResponseHead head);

    /**
     * The head of the response.
     *
     * @param head valid until {@link #onEnd} returns
     */
    void onHead(ResponseHead head);

    /** A piece of the response's body, which the user must release. */
    void onBody(ByteBuf data);

    /** The response is complete, and the connection is no longer the user's. */
    void onEnd(BodyReader body);

    /** What has been received so far can be flushed. */
    void onReadComplete();

    /** What was written has gone out: more can be written. */
    void onWritable();

    /**
     * The connection ended before the response did, and is no longer the user's.
     *
     * @param answered whether any byte of a response had come
     */
    void onClosed(boolean answered);

    /** The response is malformed; the connection is closed and no longer the user's. */
    void onMalformed(HttpFault fault);

    /** Nothing has moved for too long; the connection is closed and no longer the user's. */
    void onIdle();
}
