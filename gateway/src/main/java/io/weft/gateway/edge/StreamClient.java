// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import io.netty.channel.Channel;
import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.HttpLimits;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.loop.Worker;
import io.weft.policy.request.Caller;
import org.jspecify.annotations.Nullable;

/** A client whose request came in a stream of HTTP/2, which Reactor Netty reads by itself. */
final class StreamClient implements Client {

    private final Channel channel;
    private final Worker worker;
    private final Sender sender;
    private final HttpLimits limits;
    private final BodyReader body;
    private final long startedAt = System.nanoTime();

    /**
     * @param channel of the stream
     */
    StreamClient(Channel channel, Worker worker, Sender sender, HttpLimits limits) {
        this.channel = channel;
        this.worker = worker;
        this.sender = sender;
        this.limits = limits;
        this.body = new BodyReader(limits);
    }

    @Override
    public Worker worker() {
        return worker;
    }

    @Override
    public long startedAt() {
        return startedAt;
    }

    @Override
    public Caller caller() {
        return sender.caller();
    }

    @Override
    public String scheme() {
        return sender.scheme();
    }

    @Override
    public int port() {
        return Edge.port(channel.parent());
    }

    @Override
    public @Nullable RequestHead received() {
        return null;
    }

    @Override
    public HttpLimits limits() {
        return limits;
    }

    @Override
    public BodyReader body() {
        return body;
    }

    @Override
    public byte[] forwardedLines() {
        return sender.forwardedLines();
    }

    @Override
    public void carriedBy(Carrier carrier) {
        // Reactor tells when the client leaves, and asks when more is welcome.
    }

    @Override
    public void sendContinue() {
        // Reactor Netty invites the body when it is asked for it.
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void cut() {
        channel.flush();
        // The stream is reset; its connection stays.
        channel.close();
    }
}
