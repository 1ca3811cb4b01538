// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.netty.buffer.ByteBuf;
import io.weft.dataplane.failure.Answer;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.FailureResponses;
import io.weft.dataplane.failure.Flag;
import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.HeadWriter;
import io.weft.dataplane.http.HttpFault;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.http.ResponseHead;
import io.weft.dataplane.loop.Deadline;
import io.weft.dataplane.loop.Worker;
import io.weft.dataplane.telemetry.Method;
import io.weft.dataplane.upstream.Endpoint;
import io.weft.dataplane.upstream.Lane;
import io.weft.dataplane.upstream.UpstreamConnection;
import io.weft.dataplane.upstream.UpstreamUser;
import org.jspecify.annotations.Nullable;

/**
 * Carries one request at a time to an instance and its response back.
 *
 * <ol>
 *   <li>Choose an endpoint; take a connection or make one. No connection: choose another endpoint.
 *   <li>Send the head, then the body as it comes, no faster than the instance takes it.
 *   <li>The instance is lost, or says that it has not looked at the request, before a byte of the
 *       response came: choose another endpoint, if the request can be sent again.
 *   <li>Pass the response back as it comes, no faster than the client takes it.
 * </ol>
 *
 * A request can be sent again when nobody has processed it, or once when doing it twice does no
 * harm; and only while everything sent of its body is still here. Used on one event loop.
 */
public final class Relay {

    /** Endpoints that are tried for one request. */
    private static final int MAX_ATTEMPTS = 3;

    private final Worker worker;
    private final Downstream downstream;
    private final Via via;
    private final Deadline deadline;
    private final ReplayBuffer sent = new ReplayBuffer();

    private RequestHead head;
    private @Nullable Permit permit;
    private @Nullable Attempt attempt;
    private long startedAt;
    private long requestDue;
    private int attempts;
    private int endpoint;
    private boolean bodyStarted;
    private @Nullable BodyReader requestBody;
    private boolean replayed;
    private boolean responseStarted;
    private int status;

    /**
     * @param head the head of every request that will be relayed; it is read when one starts
     */
    public Relay(Worker worker, Downstream downstream, RequestHead head, Via via) {
        this.worker = worker;
        this.downstream = downstream;
        this.head = head;
        this.via = via;
        this.deadline = new Deadline(worker.loop(), this::onDue);
    }

    /** Whether a request is on its way. */
    public boolean isActive() {
        return permit != null;
    }

    /**
     * Starts a request.
     *
     * @param startedAt when its head was complete, in {@link System#nanoTime()}
     */
    public void start(Permit permit, RequestHead head, long startedAt) {
        this.permit = permit;
        this.head = head;
        this.startedAt = startedAt;
        attempts = 0;
        endpoint = -1;
        bodyStarted = false;
        requestBody = null;
        replayed = false;
        responseStarted = false;
        status = 0;
        requestDue = permit.requestNanos() == 0 ? 0 : startedAt + permit.requestNanos();
        sent.reset();
        tryNext(permit, new Failure.Unreachable(permit.cluster().name(), "no instance"));
    }

    /**
     * Turns to the next endpoint.
     *
     * @param otherwise why the request fails when there is none
     */
    private void tryNext(Permit permit, Failure otherwise) {
        int next = attempts < MAX_ATTEMPTS ? permit.cluster().choose(worker, endpoint) : -1;
        if (next < 0) {
            fail(otherwise);
            return;
        }
        attempts++;
        endpoint = next;
        Endpoint chosen = permit.cluster().endpoint(endpoint);
        var turn = new Attempt(permit, chosen.lane(worker));
        attempt = turn;
        setDeadline(permit, turn.startedAt);
        turn.start();
    }

    private void setDeadline(Permit permit, long attemptStartedAt) {
        long due = requestDue;
        if (permit.attemptNanos() != 0) {
            long attemptDue = attemptStartedAt + permit.attemptNanos();
            due = due == 0 || attemptDue - due < 0 ? attemptDue : due;
        }
        if (due == 0) {
            deadline.clear();
        } else {
            deadline.set(due);
        }
    }

    private void onDue() {
        if (permit != null) {
            boolean whole = requestDue != 0 && System.nanoTime() - requestDue >= 0;
            fail(
                    new Failure.UpstreamTimeout(
                            permit.cluster().name(), whole ? "request" : "attempt"));
        }
    }

    // ---- from downstream ------------------------------------------------------------------------

    /** A piece of the request's body, which is this relay's to release. */
    public void requestBody(ByteBuf data) {
        Attempt current = attempt;
        if (current == null) {
            data.release();
            return;
        }
        sent.add(data);
        current.sendBody(data);
    }

    /** The request's body is complete. */
    public void requestEnd(BodyReader body) {
        requestBody = body;
        if (attempt != null) {
            attempt.sendEnd(body);
        }
    }

    /** What was sent of the request can go out now. */
    public void flushRequest() {
        if (attempt != null) {
            attempt.flush();
        }
    }

    /** The response is welcome again. */
    public void downstreamWritable() {
        if (attempt != null) {
            attempt.resumeResponse();
        }
    }

    /** The client is gone: so is the request. */
    public void cancel() {
        if (permit != null) {
            end(permit, new Failure.ClientGone());
        }
    }

    /** The client is told, or learns from the way its response ends, that something failed. */
    public void fail(Failure failure) {
        Permit current = permit;
        if (current == null) {
            return;
        }
        boolean started = responseStarted;
        end(current, failure);
        if (started) {
            downstream.abort();
        } else {
            downstream.failed(failure);
        }
    }

    private void end(Permit ended, Failure failure) {
        Answer answer = FailureResponses.to(failure);
        record(ended, responseStarted ? status : answer.status(), answer.flag());
        Attempt last = attempt;
        attempt = null;
        permit = null;
        deadline.clear();
        sent.reset();
        if (last != null) {
            last.discard();
        }
    }

    private void record(Permit ended, int status, Flag flag) {
        ended.series(endpoint)
                .record(
                        worker.index(),
                        Method.of(head),
                        status,
                        flag,
                        System.nanoTime() - startedAt);
    }

    // ---- one attempt ----------------------------------------------------------------------------

    /** One endpoint's turn. */
    private final class Attempt implements UpstreamUser, UpstreamConnection.ConnectListener {

        private final Permit permit;
        private final Lane lane;
        private final long startedAt = System.nanoTime();
        private @Nullable UpstreamConnection connection;
        private boolean responsePaused;

        private Attempt(Permit permit, Lane lane) {
            this.permit = permit;
            this.lane = lane;
            lane.begin();
        }

        private boolean isCurrent() {
            return attempt == this;
        }

        private void start() {
            UpstreamConnection idle = lane.takeIdle(!head.isIdempotent(), startedAt);
            if (idle == null) {
                UpstreamConnection.connect(lane, this);
            } else {
                send(idle);
            }
        }

        @Override
        public void connected(UpstreamConnection made) {
            if (isCurrent()) {
                send(made);
            } else {
                made.keep();
            }
        }

        @Override
        public void connectFailed(Throwable cause) {
            lane.unreachable();
            if (isCurrent()) {
                attempt = null;
                lane.end();
                tryNext(permit, new Failure.Unreachable(permit.cluster().name(), "no connection"));
            }
        }

        private void send(UpstreamConnection to) {
            connection = to;
            to.begin(this, head.isMethod("HEAD"));
            HeadWriter writer = worker.writer().request(head, permit.requestEdits());
            via.write(writer, head, downstream);
            if (head.isChunked()) {
                writer.chunked();
            } else if (head.contentLength() >= 0) {
                writer.contentLength(head.contentLength());
            }
            if (head.expectsContinue() && !head.isHttp10() && !bodyStarted) {
                writer.expectContinue();
            }
            to.writeHead(writer, Math.clamp(head.contentLength(), 0, 2_048));
            boolean moreFollows = false;
            if (!head.hasBody()) {
                to.requestEnded();
            } else if (bodyStarted) {
                sendAgain();
            } else {
                bodyStarted = true;
                moreFollows = downstream.startBody();
            }
            if (!moreFollows && isCurrent()) {
                to.flush();
            }
        }

        private void sendAgain() {
            sent.replay(this::write);
            if (requestBody != null) {
                sendEnd(requestBody);
            } else {
                downstream.resumeBody();
            }
        }

        private void sendBody(ByteBuf data) {
            write(data);
            if (connection != null && !connection.isWritable()) {
                downstream.pauseBody();
            }
        }

        private void write(ByteBuf data) {
            if (connection == null) {
                data.release();
            } else if (head.isChunked()) {
                connection.writeChunk(data);
            } else {
                connection.writeBody(data);
            }
        }

        private void sendEnd(BodyReader body) {
            if (connection != null) {
                if (head.isChunked()) {
                    connection.writeLastChunk(body);
                }
                connection.requestEnded();
            }
        }

        private void flush() {
            if (connection != null) {
                connection.flush();
            }
        }

        private void resumeResponse() {
            if (responsePaused && connection != null) {
                responsePaused = false;
                connection.resume();
            }
        }

        private void discard() {
            lane.end();
            if (connection != null) {
                connection.discard();
                connection = null;
            }
        }

        // ---- from upstream ----------------------------------------------------------------------

        @Override
        public void onInterim(ResponseHead interim) {
            if (interim.status() == 100 && head.expectsContinue()) {
                downstream.sendContinue();
            }
        }

        @Override
        public void onHead(ResponseHead response) {
            long now = System.nanoTime();
            lane.observe(now - startedAt, now);
            if (response.isUnprocessed()) {
                lane.notServing();
                var notServing = new Failure.Unreachable(permit.cluster().name(), "not serving");
                if (sent.isComplete()) {
                    again(notServing);
                } else {
                    fail(notServing);
                }
                return;
            }
            responseStarted = true;
            status = response.status();
            downstream.responseHead(response, permit.responseEdits());
        }

        @Override
        public void onBody(ByteBuf data) {
            downstream.responseBody(data);
            if (isCurrent() && !downstream.isWritable() && connection != null) {
                responsePaused = true;
                connection.pause();
            }
        }

        @Override
        public void onReadComplete() {
            downstream.flush();
        }

        @Override
        public void onWritable() {
            downstream.resumeBody();
        }

        @Override
        public void onEnd(BodyReader body) {
            connection = null;
            lane.end();
            attempt = null;
            Relay.this.permit = null;
            deadline.clear();
            sent.reset();
            record(permit, status, Flag.OK);
            downstream.responseEnd(body);
        }

        @Override
        public void onClosed(boolean answered) {
            connection = null;
            var ended = new Failure.UpstreamEnded(permit.cluster().name());
            if (!answered && !replayed && head.isIdempotent() && sent.isComplete()) {
                replayed = true;
                again(ended);
            } else {
                fail(ended);
            }
        }

        @Override
        public void onMalformed(HttpFault fault) {
            connection = null;
            fail(new Failure.UpstreamMalformed(permit.cluster().name(), fault));
        }

        @Override
        public void onIdle() {
            connection = null;
            fail(new Failure.UpstreamTimeout(permit.cluster().name(), "idle"));
        }

        /** Gives the turn to another endpoint, or to this one again when there is no other. */
        private void again(Failure otherwise) {
            discard();
            attempt = null;
            if (permit.cluster().size() == 1) {
                endpoint = -1;
            }
            tryNext(permit, otherwise);
        }
    }
}
