// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.listen;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Whole requests, and 413 with the end of the connection for larger ones. */
final class BoundedAggregator extends HttpObjectAggregator {

    static final int MAX_BODY = 16 * 1024;

    BoundedAggregator() {
        super(MAX_BODY, true);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        FullHttpResponse response =
                Answer.problem(
                        HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                        "body (expected: at most " + MAX_BODY + " bytes)");
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
