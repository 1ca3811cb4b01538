// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * What users' filters do; a request names the one it wants.
 *
 * @param field of requests in which that name is
 * @param order below -1 to stand around the writing of the response, too
 */
record UsersFilters(String field, int order) implements GlobalFilter, Ordered {

    private static final Map<String, GatewayFilter> BY_NAME =
            Map.ofEntries(
                    Map.entry("add-field", request(it -> it.header("x-added", "yes"))),
                    Map.entry("hide-field", request(it -> it.headers(h -> h.remove("x-hidden")))),
                    Map.entry("to-denied", request(it -> it.path("/app/denied/x"))),
                    Map.entry("to-allowed", request(it -> it.path("/app/other"))),
                    Map.entry("to-ambiguous", request(it -> it.path("/app/a%2fb"))),
                    Map.entry("smuggle", request(it -> it.header("x-a", "b\r\nx-smuggled: yes"))),
                    Map.entry("reframe", request(it -> it.header("transfer-encoding", "chunked"))),
                    Map.entry("answer", (exchange, _) -> answer(exchange)),
                    Map.entry("fail", UsersFilters::fail),
                    Map.entry("fail-later", (_, _) -> Mono.error(failure())),
                    Map.entry("fail-after", after(_ -> fail())),
                    Map.entry("choose", (_, _) -> Mono.error(conflict())),
                    Map.entry("mark", after(UsersFilters::mark)),
                    Map.entry("hop", UsersFilters::hop),
                    Map.entry("hop-bodies", bodies(UsersFilters::hopping)),
                    Map.entry("shout", bodies(UsersFilters::shouting)),
                    Map.entry("empty", bodies(UsersFilters::nothing)),
                    Map.entry("cache", UsersFilters::cache),
                    Map.entry("repeat", UsersFilters::repeat));

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        String name = exchange.getRequest().getHeaders().getFirst(field);
        GatewayFilter filter = name == null ? null : BY_NAME.get(name);
        if (name != null && filter == null) {
            throw new AssertionError("no filter is called " + name);
        }
        return filter == null ? chain.filter(exchange) : filter.filter(exchange, chain);
    }

    @Override
    public int getOrder() {
        return order;
    }

    private static GatewayFilter request(Consumer<ServerHttpRequest.Builder> change) {
        return (exchange, chain) -> chain.filter(exchange.mutate().request(change).build());
    }

    private static GatewayFilter after(Consumer<ServerWebExchange> task) {
        return (exchange, chain) ->
                chain.filter(exchange).then(Mono.fromRunnable(() -> task.accept(exchange)));
    }

    /** Both bodies, and neither has a length that is known before. */
    private static GatewayFilter bodies(UnaryOperator<Flux<DataBuffer>> change) {
        return (exchange, chain) ->
                chain.filter(
                        exchange.mutate()
                                .request(new ChangedRequest(exchange.getRequest(), change))
                                .response(new ChangedResponse(exchange, change))
                                .build());
    }

    private static final class ChangedRequest extends ServerHttpRequestDecorator {
        private final UnaryOperator<Flux<DataBuffer>> change;

        private ChangedRequest(ServerHttpRequest request, UnaryOperator<Flux<DataBuffer>> change) {
            super(request);
            this.change = change;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return change.apply(super.getBody());
        }
    }

    private static final class ChangedResponse extends ServerHttpResponseDecorator {
        private final UnaryOperator<Flux<DataBuffer>> change;

        private ChangedResponse(
                ServerWebExchange exchange, UnaryOperator<Flux<DataBuffer>> change) {
            super(exchange.getResponse());
            this.change = change;
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            return super.writeWith(change.apply(Flux.from(body)));
        }

        @Override
        public Mono<Void> writeAndFlushWith(
                Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return super.writeAndFlushWith(
                    Flux.from(body).map(part -> change.apply(Flux.from(part))));
        }
    }

    private static Flux<DataBuffer> hopping(Flux<DataBuffer> body) {
        return body.publishOn(Schedulers.boundedElastic());
    }

    private static Flux<DataBuffer> nothing(Flux<DataBuffer> body) {
        return body.doOnNext(DataBufferUtils::release).ignoreElements().flux();
    }

    private static Flux<DataBuffer> shouting(Flux<DataBuffer> body) {
        return body.map(
                buffer -> {
                    String text = buffer.toString(US_ASCII);
                    DataBufferUtils.release(buffer);
                    return buffer.factory().wrap(text.toUpperCase(Locale.ROOT).getBytes(US_ASCII));
                });
    }

    private static Mono<Void> hop(ServerWebExchange exchange, GatewayFilterChain chain) {
        return Mono.just(exchange)
                .publishOn(Schedulers.boundedElastic())
                .flatMap(chain::filter)
                .publishOn(Schedulers.boundedElastic());
    }

    /** The body is read before anybody knows where it goes. */
    private static Mono<Void> cache(ServerWebExchange exchange, GatewayFilterChain chain) {
        return ServerWebExchangeUtils.cacheRequestBody(
                exchange, request -> chain.filter(exchange.mutate().request(request).build()));
    }

    private static Mono<Void> repeat(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange).then(Mono.defer(() -> chain.filter(exchange)));
    }

    private static Mono<Void> answer(ServerWebExchange exchange) {
        var response = exchange.getResponse();
        response.setStatusCode(HttpStatus.PAYMENT_REQUIRED);
        return response.writeWith(
                Mono.fromSupplier(
                        () -> response.bufferFactory().wrap("pay first".getBytes(US_ASCII))));
    }

    private static void mark(ServerWebExchange exchange) {
        var headers = exchange.getResponse().getHeaders();
        headers.set("x-marked", "yes");
        headers.remove("x-upstream");
    }

    private static Mono<Void> fail(ServerWebExchange exchange, GatewayFilterChain chain) {
        throw failure();
    }

    private static void fail() {
        throw failure();
    }

    private static IllegalStateException failure() {
        return new IllegalStateException("secret");
    }

    private static ResponseStatusException conflict() {
        return new ResponseStatusException(HttpStatus.CONFLICT);
    }
}
