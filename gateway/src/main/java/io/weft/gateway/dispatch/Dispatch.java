// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.dispatch;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.weft.dataplane.dispatch.Downstream;
import io.weft.dataplane.dispatch.Permit;
import io.weft.dataplane.dispatch.Relay;
import io.weft.dataplane.dispatch.Via;
import io.weft.dataplane.failure.Failure;
import io.weft.dataplane.failure.Refusal;
import io.weft.dataplane.http.BodyReader;
import io.weft.dataplane.http.FieldEdits;
import io.weft.dataplane.http.RequestHead;
import io.weft.dataplane.http.ResponseHead;
import io.weft.dataplane.http.Sender;
import io.weft.gateway.edge.Carrier;
import io.weft.gateway.edge.Client;
import io.weft.gateway.exchange.PolicyExchange;
import io.weft.gateway.exchange.Refusals;
import io.weft.gateway.exchange.Reply;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerResponse;

/**
 * One request between Spring and the engine. The engine's relay carries it on the client's event
 * loop; whatever Spring's side says on another thread is brought there first.
 *
 * <pre>
 *   request body:   Spring ──► RequestBody ──► Relay ──► service
 *   response body:  Spring ◄── ResponseBody ◄── Relay ◄── service
 * </pre>
 */
final class Dispatch implements Downstream, Carrier, Reply, RequestBody.Taker, ResponseBody.Source {

    private static final long NO_LENGTH = -1;

    private final ServerWebExchange exchange;
    private final PolicyExchange policy;
    private final Client client;
    private final RequestHead head;
    private final Refusals refusals;
    private final MonoSink<Void> sink;
    private final EventLoop loop;
    private final Relay relay;
    private final RequestBody requestBody;
    private final ResponseBody responseBody;

    /** What of the request's body is still to come, or {@link #NO_LENGTH}. */
    private long requestRemaining;

    private boolean bodyStarting;
    private boolean flushScheduled;
    private boolean announced;
    private @Nullable Answer answer;
    private @Nullable Refusal refusal;
    private FieldEdits refusalEdits = FieldEdits.NONE;
    private List<Trailer> trailers = List.of();

    private record Trailer(String name, String value) {}

    /**
     * @param sink hears when the response can be written
     */
    Dispatch(
            ServerWebExchange exchange,
            PolicyExchange policy,
            Via via,
            Refusals refusals,
            MonoSink<Void> sink) {
        this.exchange = exchange;
        this.policy = policy;
        this.client = policy.client();
        this.head = policy.head();
        this.refusals = refusals;
        this.sink = sink;
        this.loop = client.worker().loop();
        this.relay = new Relay(client.worker(), this, head, via);
        this.requestBody = new RequestBody(loop, this);
        this.responseBody =
                new ResponseBody(
                        loop,
                        (NettyDataBufferFactory) exchange.getResponse().bufferFactory(),
                        this);
        this.requestRemaining = head.isChunked() ? NO_LENGTH : head.contentLength();
    }

    void start(Permit permit) {
        sink.onCancel(this::giveUp);
        onLoop(
                () -> {
                    client.carriedBy(this);
                    relay.start(permit, head, client.startedAt());
                });
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    // ---- the request's body ---------------------------------------------------------------------

    @Override
    public Sender sender() {
        return Sender.STRANGER;
    }

    @Override
    public boolean isEdge() {
        // It came from outside, whoever it is.
        return false;
    }

    @Override
    public byte[] forwardedLines() {
        return client.forwardedLines();
    }

    @Override
    public boolean startBody() {
        if (!head.expectsContinue()) {
            // The service is not asked, so the client need not wait for it.
            client.sendContinue();
        }
        bodyStarting = true;
        exchange.getRequest().getBody().subscribe(requestBody);
        bodyStarting = false;
        return false;
    }

    @Override
    public void pauseBody() {
        requestBody.pause();
    }

    @Override
    public void resumeBody() {
        requestBody.resume();
    }

    @Override
    public void sendContinue() {
        client.sendContinue();
    }

    @Override
    public void onBody(ByteBuf data) {
        if (requestRemaining != NO_LENGTH) {
            requestRemaining -= data.readableBytes();
            if (requestRemaining < 0) {
                data.release();
                onBodyError(new IllegalStateException("a body longer than its Content-Length"));
                return;
            }
        }
        relay.requestBody(data);
        scheduleFlush();
    }

    @Override
    public void onBodyEnd() {
        if (requestRemaining > 0) {
            onBodyError(new IllegalStateException("a body shorter than its Content-Length"));
            return;
        }
        relay.requestEnd(client.body());
        scheduleFlush();
    }

    /** What arrives in one turn of the event loop goes out together. */
    private void scheduleFlush() {
        if (!bodyStarting && !flushScheduled) {
            flushScheduled = true;
            loop.execute(
                    () -> {
                        flushScheduled = false;
                        relay.flushRequest();
                    });
        }
    }

    /** Filters failed to bring the body, or the client has gone. */
    @Override
    public void onBodyError(Throwable error) {
        relay.cancel();
        end();
        if (announced) {
            responseBody.breakOff();
        } else {
            responseBody.discard();
            if (!(error instanceof AbortedException)) {
                sink.error(error);
            }
        }
    }

    // ---- the response, from the relay -----------------------------------------------------------

    @Override
    public void responseHead(ResponseHead response, FieldEdits edits) {
        answer = new Answer(response, edits);
    }

    /** The head of a response; it is shown to Spring with the first of what follows it. */
    private record Answer(ResponseHead head, FieldEdits edits) {
        private void applyTo(ServerHttpResponse response) {
            response.setRawStatusCode(head.status());
            HttpHeaders headers = response.getHeaders();
            head.forEachPassing(edits, headers::add);
            if (head.contentLength() >= 0 && head.status() != 204) {
                headers.setContentLength(head.contentLength());
            }
        }
    }

    @Override
    public void responseBody(ByteBuf data) {
        responseBody.add(data);
    }

    @Override
    public void responseEnd(BodyReader body) {
        if (body.hasTrailers()) {
            var kept = new ArrayList<Trailer>();
            body.forEachTrailer((name, value) -> kept.add(new Trailer(name, value)));
            trailers = kept;
        }
        responseBody.end();
        announce();
        end();
    }

    @Override
    public void flush() {
        if (answer != null) {
            announce();
        }
    }

    @Override
    public boolean takeBack() {
        if (announced) {
            return false;
        }
        answer = null;
        responseBody.discard();
        return true;
    }

    @Override
    public boolean isWritable() {
        return responseBody.isWanted() && client.isWritable();
    }

    @Override
    public void failed(Failure failure, FieldEdits edits) {
        refusal = refusals.note(exchange, failure);
        refusalEdits = edits;
        end();
        announce();
    }

    @Override
    public void abort() {
        responseBody.breakOff();
        end();
        announce();
    }

    /** Lets Spring write what is there so far. */
    private void announce() {
        if (announced) {
            return;
        }
        announced = true;
        if (exchange.getResponse().isCommitted()) {
            // Filters asked twice at once; what came first has been sent.
            responseBody.discard();
            sink.error(DispatchFilter.answered());
            return;
        }
        if (answer != null) {
            answer.applyTo(exchange.getResponse());
        }
        policy.reply(this);
        sink.success();
    }

    /** The relay has done its work. */
    private void end() {
        requestBody.cancel();
        relay.close();
    }

    // ---- the response, to Spring ----------------------------------------------------------------

    @Override
    public Mono<Void> writeTo(ServerHttpResponse response) {
        if (refusal != null) {
            refusalEdits.forEachAdded(response.getHeaders()::add);
            return refusals.write(response, refusal);
        }
        if (responseBody.isWhole() && trailers.isEmpty()) {
            return responseBody.writeWholeTo(response);
        }
        HttpServerResponse server = ServerHttpResponseDecorator.getNativeResponse(response);
        server.trailerHeaders(
                to -> trailers.forEach(trailer -> to.add(trailer.name, trailer.value)));
        // A plain write would keep the head back until there is something of the body.
        return response.writeAndFlushWith(Mono.just(responseBody));
    }

    @Override
    public void onWanted() {
        if (client.isWritable()) {
            relay.downstreamWritable();
        }
    }

    @Override
    public void onUnwanted() {
        abandon(new Failure.ClientGone());
    }

    @Override
    public void cut() {
        client.cut();
    }

    // ---- the client -----------------------------------------------------------------------------

    @Override
    public void onBroken(Failure failure) {
        abandon(failure);
    }

    @Override
    public void onWritable() {
        if (responseBody.isWanted()) {
            relay.downstreamWritable();
        }
    }

    @Override
    public void giveUp() {
        onLoop(() -> abandon(new Failure.ClientGone()));
    }

    private void abandon(Failure why) {
        relay.cancel(why);
        end();
        responseBody.discard();
    }
}
