// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.dispatch;

import io.netty.buffer.ByteBuf;
import io.weft.dataplane.failure.Answer;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.FailureResponses;
import io.weft.dataplane.failure.Flag;
import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.FieldEdits;
import io.weft.dataplane.http.HeadWriter;
import io.weft.dataplane.http.HttpFault;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.http.ResponseHead;
import io.weft.dataplane.http.Waiting;
import io.weft.dataplane.loop.Deadline;
import io.weft.dataplane.loop.Worker;
import io.weft.dataplane.telemetry.Method;
import io.weft.dataplane.upstream.Lane;
import io.weft.dataplane.upstream.UpstreamConnection;
import io.weft.dataplane.upstream.UpstreamUser;
import io.weft.policy.route.Fault;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
public final class Relay implements UpstreamUser {

    /** Endpoints that are tried for one request. */
    private static final int MAX_ATTEMPTS = 3;

    private static final int BODY_HINT = 2_048;

    private final Worker worker;
    private final Downstream downstream;
    private final Via via;
    private final Deadline deadline;
    private final ReplayBuffer sent = new ReplayBuffer();

    // The request, from its start to its end.
    private RequestHead head;
    private @Nullable Permit permit;
    private long startedAt;
    private long requestDue;
    private boolean isDueToSender;
    private boolean shadow;
    private long bodyBytes;
    private boolean copied;
    private boolean bodyStarted;
    private @Nullable BodyReader requestBody;
    private boolean replayed;
    private boolean responseStarted;
    private boolean responsePaused;
    private int status;

    // The endpoint whose turn it is.
    private int attempts;
    private int endpoint;
    private long attemptStartedAt;
    private long attemptDue;
    private @Nullable Future<?> held;
    private @Nullable Lane lane;
    private @Nullable UpstreamConnection connection;

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
        setDue(permit.terms().requestNanos());
        shadow = permit.isCopy() || head.waiting().isShadow(downstream.sender());
        bodyBytes = 0;
        bodyStarted = false;
        requestBody = null;
        replayed = false;
        copied = false;
        responseStarted = false;
        responsePaused = false;
        status = 0;
        attempts = 0;
        endpoint = -1;
        if (head.contentLength() > permit.terms().maxBody()) {
            fail(new Failure.BodyTooLarge(permit.terms().maxBody()));
        } else {
            tryNext(permit, null);
        }
    }

    /** Whoever waits less long decides: the rule, or who asked. */
    private void setDue(long nanos) {
        long asked = head.waiting().due(downstream.sender(), startedAt);
        long own = nanos == 0 ? 0 : startedAt + nanos;
        isDueToSender = asked != 0 && (own == 0 || asked - own < 0);
        requestDue = isDueToSender ? asked : own;
    }

    // ---- an endpoint's turn ---------------------------------------------------------------------

    /**
     * Gives the turn to the next endpoint.
     *
     * @param last what the one before did to the request; null for the first
     */
    private void tryNext(Permit permit, @Nullable Failure last) {
        long now = System.nanoTime();
        if (requestDue != 0 && now - requestDue >= 0) {
            // Nobody would be there to see it end.
            fail(new Failure.UpstreamTimeout(permit.cluster().name(), wholeLimit()));
            return;
        }
        int next = attempts < MAX_ATTEMPTS ? permit.cluster().choose(worker, endpoint, now) : -1;
        if (next < 0) {
            fail(last == null ? unreachable(permit, "no instance") : last);
            return;
        }
        attempts++;
        endpoint = next;
        attemptStartedAt = now;
        setDeadline(permit);
        Lane chosen = permit.cluster().endpoint(next).lane(worker);
        chosen.begin();
        lane = chosen;
        Fault fault = permit.terms().fault();
        if (fault != null && System.currentTimeMillis() < fault.until().toEpochMilli()) {
            suffer(permit, chosen, fault);
        } else {
            ask(permit, chosen, now);
        }
    }

    /** Makes the trouble that the rule asks for, as if it were the endpoint's. */
    private void suffer(Permit permit, Lane chosen, Fault fault) {
        Fault.Abort abort = fault.abort();
        Fault.Delay delay = fault.delay();
        Runnable then =
                abort != null && abort.share().takes(worker.random())
                        ? () -> fail(new Failure.Injected(abort.status()))
                        : () -> ask(permit, chosen, System.nanoTime());
        if (delay != null && delay.share().takes(worker.random())) {
            long nanos = delay.duration().toNanos();
            held = worker.loop().schedule(then, nanos, TimeUnit.NANOSECONDS);
        } else {
            then.run();
        }
    }

    private void ask(Permit permit, Lane chosen, long now) {
        held = null;
        // Where one connection turned out to be stale, others may be; there is no third time.
        UpstreamConnection idle = replayed ? null : chosen.takeIdle(!head.isIdempotent(), now);
        if (idle == null) {
            UpstreamConnection.connect(chosen, new Connecting(permit, chosen));
        } else {
            send(permit, idle);
        }
    }

    private static Failure unreachable(Permit permit, String why) {
        return new Failure.Unreachable(permit.cluster().name(), why);
    }

    private void setDeadline(Permit permit) {
        long due = requestDue;
        long attemptNanos = permit.terms().attemptNanos();
        if (attemptNanos != 0) {
            long attemptEnd = attemptStartedAt + attemptNanos;
            due = due == 0 || attemptEnd - due < 0 ? attemptEnd : due;
        }
        attemptDue = due;
        if (due == 0) {
            deadline.clear();
        } else {
            deadline.set(due);
        }
    }

    private void onDue() {
        if (permit != null) {
            observeSlowness();
            boolean whole = requestDue != 0 && System.nanoTime() - requestDue >= 0;
            fail(
                    new Failure.UpstreamTimeout(
                            permit.cluster().name(), whole ? wholeLimit() : "attempt"));
        }
    }

    private String wholeLimit() {
        return isDueToSender ? "deadline" : "request";
    }

    /** An endpoint that did not answer in time is at least that slow. */
    private void observeSlowness() {
        if (lane != null && !responseStarted) {
            long now = System.nanoTime();
            lane.observe(now - attemptStartedAt, now);
        }
    }

    /** Waits for a connection; by the time there is one, nobody may need it any more. */
    private final class Connecting implements UpstreamConnection.ConnectListener {
        private final Permit permit;
        private final Lane lane;
        private final int attempt = attempts;
        private final long requestStartedAt = startedAt;

        private Connecting(Permit permit, Lane lane) {
            this.permit = permit;
            this.lane = lane;
        }

        private boolean isAwaited() {
            return Relay.this.lane == lane
                    && connection == null
                    && attempts == attempt
                    && startedAt == requestStartedAt;
        }

        @Override
        public void connected(UpstreamConnection made) {
            if (isAwaited()) {
                send(permit, made);
            } else {
                made.keep();
            }
        }

        @Override
        public void connectFailed(Throwable cause) {
            lane.unreachable();
            if (isAwaited()) {
                endTurn();
                tryNext(permit, unreachable(permit, "no connection"));
            }
        }
    }

    /** Takes the turn away; what the endpoint still sends is not wanted. */
    private void endTurn() {
        if (held != null) {
            held.cancel(false);
            held = null;
        }
        if (lane != null) {
            lane.end();
            lane = null;
        }
        if (connection != null) {
            connection.discard();
            connection = null;
        }
    }

    /**
     * Takes the turn away and gives it to another endpoint, or to the same if it is the only one.
     */
    private void again(Permit permit, Failure last) {
        endTurn();
        if (bodyStarted && requestBody == null) {
            // What came before there is a connection would be lost once it is too much to keep.
            downstream.pauseBody();
        }
        if (permit.cluster().size() == 1) {
            endpoint = -1;
        }
        tryNext(permit, last);
    }

    private void send(Permit permit, UpstreamConnection to) {
        connection = to;
        to.begin(this, head.isMethod("HEAD"));
        boolean toAgent = permit.isToAgent(endpoint);
        HeadWriter writer =
                toAgent
                        ? worker.writer().request(head, permit.terms().requestEdits())
                        : worker.writer().requestToApplication(head, permit.terms().requestEdits());
        writer.lines(permit.shown());
        via.write(writer, head, downstream);
        tellHowLong(writer, toAgent, permit.isToProxy());
        if (shadow) {
            Waiting.tellShadow(writer);
        }
        if (head.isChunked()) {
            writer.chunked();
        } else if (head.contentLength() >= 0) {
            writer.contentLength(head.contentLength());
        }
        if (head.expectsContinue() && !bodyStarted) {
            writer.expectContinue();
        }
        to.writeHead(writer, Math.clamp(head.contentLength(), 0, BODY_HINT));
        boolean moreFollows = false;
        if (!head.hasBody()) {
            to.requestEnded();
        } else if (bodyStarted) {
            sendAgain();
        } else {
            bodyStarted = true;
            moreFollows = downstream.startBody();
        }
        if (!moreFollows) {
            flushRequest();
        }
        if (!head.hasBody()) {
            copy(permit);
        }
    }

    /** Others get their copies when the request itself has gone out. */
    private void copy(Permit permit) {
        if (!copied && !permit.copies().isEmpty()) {
            copied = true;
            CopyRun.startAll(permit, worker, via, head, sent, downstream.forwardedLines());
        }
    }

    private void tellHowLong(HeadWriter writer, boolean toAgent, boolean toProxy) {
        if (attemptDue != 0) {
            long left = attemptDue - System.nanoTime();
            head.waiting().tellGrpc(writer, left);
            if (toAgent) {
                Waiting.tellProxy(writer, left);
            } else if (!toProxy) {
                Waiting.tellApplication(writer, left);
            }
        }
    }

    private void sendAgain() {
        if (head.expectsContinue()) {
            // This instance is not asked: what the client may still hold back is welcome.
            downstream.sendContinue();
        }
        sent.replay(this::write);
        if (requestBody != null) {
            sendEnd(requestBody);
        } else {
            downstream.resumeBody();
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

    // ---- from downstream ------------------------------------------------------------------------

    /** A piece of the request's body, which is this relay's to release. */
    public void requestBody(ByteBuf data) {
        if (permit == null) {
            data.release();
            return;
        }
        bodyBytes += data.readableBytes();
        if (bodyBytes > permit.terms().maxBody()) {
            data.release();
            fail(new Failure.BodyTooLarge(permit.terms().maxBody()));
            return;
        }
        sent.add(data);
        write(data);
        if (connection == null && !sent.isComplete()) {
            fail(new Failure.UpstreamEnded(permit.cluster().name()));
            return;
        }
        if (connection != null && !connection.isWritable()) {
            downstream.pauseBody();
        }
    }

    /** The request's body is complete. */
    public void requestEnd(BodyReader body) {
        requestBody = body;
        sendEnd(body);
        if (permit != null && !permit.copies().isEmpty()) {
            flushRequest();
            copy(permit);
        }
    }

    /** What was sent of the request can go out now. */
    public void flushRequest() {
        if (connection != null) {
            connection.flush();
        }
    }

    /** The response is welcome again. */
    public void downstreamWritable() {
        if (responsePaused && connection != null) {
            responsePaused = false;
            connection.resume();
        }
    }

    /** The client is gone: so is the request. */
    public void cancel() {
        cancel(new Failure.ClientGone());
    }

    /** Somebody else answers the client, and the request is given up. */
    public void cancel(Failure why) {
        if (permit != null) {
            end(permit, why);
        }
    }

    /** There will be no further request. */
    public void close() {
        cancel();
        deadline.cancel();
    }

    /** The client is told, or learns from the way its response ends, that something failed. */
    public void fail(Failure failure) {
        if (permit == null) {
            return;
        }
        responseStarted = responseStarted && !downstream.takeBack();
        boolean started = responseStarted;
        FieldEdits edits = permit.failureEdits(head);
        end(permit, failure);
        if (started) {
            downstream.abort();
        } else {
            downstream.failed(failure, edits);
        }
    }

    private void end(Permit ended, Failure failure) {
        Answer answer = FailureResponses.to(failure);
        record(ended, responseStarted ? status : answer.status(), answer.flag());
        finish();
    }

    private void finish() {
        permit = null;
        deadline.clear();
        sent.reset();
        endTurn();
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

    // ---- from upstream --------------------------------------------------------------------------

    @Override
    public void onInterim(ResponseHead interim) {
        if (interim.status() == 100 && head.expectsContinue()) {
            downstream.sendContinue();
        }
    }

    @Override
    public void onHead(ResponseHead response) {
        if (permit == null || lane == null) {
            return;
        }
        long now = System.nanoTime();
        lane.observe(now - attemptStartedAt, now);
        if (!permit.isToProxy() || !response.isUnprocessed()) {
            responseStarted = true;
            status = response.status();
            downstream.responseHead(response, permit.responseEdits(head));
            return;
        }
        lane.notServing();
        Failure notServing = unreachable(permit, "not serving");
        if (sent.isComplete()) {
            again(permit, notServing);
        } else {
            fail(notServing);
        }
    }

    @Override
    public void onBody(ByteBuf data) {
        downstream.responseBody(data);
        if (connection != null && !downstream.isWritable()) {
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
        if (permit != null) {
            connection = null;
            record(permit, status, Flag.OK);
            finish();
            downstream.responseEnd(body);
        }
    }

    @Override
    public void onClosed(boolean answered) {
        connection = null;
        if (permit == null) {
            return;
        }
        Failure ended = new Failure.UpstreamEnded(permit.cluster().name());
        if (!answered && !replayed && head.isIdempotent() && sent.isComplete()) {
            replayed = true;
            again(permit, ended);
        } else {
            fail(ended);
        }
    }

    @Override
    public void onMalformed(HttpFault fault) {
        connection = null;
        if (permit != null) {
            fail(new Failure.UpstreamMalformed(permit.cluster().name(), fault));
        }
    }

    @Override
    public void onIdle() {
        connection = null;
        if (permit != null) {
            observeSlowness();
            fail(new Failure.UpstreamTimeout(permit.cluster().name(), "idle"));
        }
    }
}
