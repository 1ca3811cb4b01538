// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.netty.buffer.ByteBuf;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.FieldEdits;
import io.weft.dataplane.http.HttpLimits;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.http.ResponseHead;
import io.weft.dataplane.http.Sender;
import io.weft.dataplane.loop.Worker;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A copy of a request on its way. It has a head and a body of its own, so that it may outlive the
 * request; what comes back is thrown away.
 */
final class CopyRun implements Downstream {

    /** Only bodies in chunks are asked what came behind them, and no copy has one. */
    private static final BodyReader WHOLE = new BodyReader(HttpLimits.DEFAULT);

    private final Worker worker;
    private final RequestHead head;
    private final Queue<ByteBuf> body = new ArrayDeque<>(0);
    private final byte[] forwardedLines;
    private final Copy copy;
    private final Relay relay;

    private CopyRun(
            Worker worker, Via via, RequestHead head, ReplayBuffer sent, byte[] lines, Copy copy) {
        this.worker = worker;
        this.head = head;
        sent.replay(body::add);
        this.forwardedLines = lines;
        this.copy = copy;
        this.relay = new Relay(worker, this, head, via);
    }

    /**
     * Sends a copy of a request to each who gets one.
     *
     * @param sent its body
     * @param lines about the client
     */
    static void startAll(
            Permit permit,
            Worker worker,
            Via via,
            RequestHead head,
            ReplayBuffer sent,
            byte[] lines) {
        for (Copy copy : permit.copies()) {
            boolean may = sent.isComplete() && copy.budget().take(worker);
            RequestHead own = may ? head.copy(worker.writer(), sent.size()) : null;
            if (own != null) {
                new CopyRun(worker, via, own, sent, lines, copy).start();
                continue;
            }
            copy.counts().dropped().increment();
            if (may) {
                copy.budget().giveBack(worker);
            }
        }
    }

    private void start() {
        relay.start(copy.permit(), head, System.nanoTime());
    }

    private void end() {
        ByteBuf piece = body.poll();
        while (piece != null) {
            piece.release();
            piece = body.poll();
        }
        copy.budget().giveBack(worker);
        relay.close();
    }

    @Override
    public Sender sender() {
        return Sender.STRANGER;
    }

    @Override
    public boolean isEdge() {
        return false;
    }

    @Override
    public byte[] forwardedLines() {
        return forwardedLines;
    }

    @Override
    public boolean startBody() {
        ByteBuf piece = body.poll();
        while (piece != null) {
            relay.requestBody(piece);
            piece = body.poll();
        }
        relay.requestEnd(WHOLE);
        return false;
    }

    @Override
    public void pauseBody() {
        // All of it is written already, and little it is.
    }

    @Override
    public void resumeBody() {
        // As above.
    }

    @Override
    public void sendContinue() {
        // The body is here.
    }

    @Override
    public void responseHead(ResponseHead response, FieldEdits edits) {
        // Nobody looks at it.
    }

    @Override
    public void responseBody(ByteBuf data) {
        data.release();
    }

    @Override
    public void responseEnd(BodyReader response) {
        copy.counts().answered().increment();
        end();
    }

    @Override
    public void flush() {
        // There is nothing to see.
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public boolean takeBack() {
        return true;
    }

    @Override
    public void failed(Failure failure, FieldEdits edits) {
        copy.counts().failed().increment();
        end();
    }

    @Override
    public void abort() {
        failed(new Failure.ClientGone(), FieldEdits.NONE);
    }
}
