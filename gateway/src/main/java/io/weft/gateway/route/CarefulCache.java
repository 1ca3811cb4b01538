// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.route;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Spring's response cache, kept from giving one visitor's answer to another. It knows its visitors
 * by Authorization and Cookie and obeys Cache-Control only when there is one directive; here it
 * gets to see requests and responses that are nobody's own (RFC 9111 §3).
 *
 * @param cache {@code LocalResponseCache}
 */
record CarefulCache(GatewayFilter cache) implements GatewayFilter {

    /** It keeps a body in memory while that arrives, whatever the limit of the cache. */
    private static final long MOST_BYTES = 1024 * 1024;

    private static final String API_KEY = "X-Api-Key";
    private static final Set<String> NOT_KEPT =
            Set.of("no-store", "no-cache", "private", "max-age=0", "s-maxage=0");

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return isForAnybody(exchange.getRequest())
                ? cache.filter(exchange, asked -> chain.filter(choosing(asked, exchange)))
                : chain.filter(exchange);
    }

    /** Its key has neither of these, so that parts and clients would be mixed up. */
    private static boolean isForAnybody(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        return !headers.containsHeader(HttpHeaders.RANGE)
                && !headers.containsHeader(API_KEY)
                && directives(headers, HttpHeaders.CACHE_CONTROL).noneMatch("no-store"::equals);
    }

    private static ServerWebExchange choosing(ServerWebExchange asked, ServerWebExchange plain) {
        var response = new Choosing(asked.getResponse(), plain.getResponse());
        return asked.mutate().response(response).build();
    }

    /** Writes into the cache what may be kept, and past it what may not. */
    private static final class Choosing extends ServerHttpResponseDecorator {
        private final ServerHttpResponse plain;

        private Choosing(ServerHttpResponse caching, ServerHttpResponse plain) {
            super(caching);
            this.plain = plain;
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            return mayBeKept() ? super.writeWith(body) : plain.writeWith(body);
        }

        /** What comes in pieces is kept when its end is known, and near. */
        @Override
        public Mono<Void> writeAndFlushWith(
                Publisher<? extends Publisher<? extends DataBuffer>> body) {
            long length = getHeaders().getContentLength();
            return length >= 0 && length <= MOST_BYTES && mayBeKept()
                    ? super.writeWith(Flux.from(body).concatMap(piece -> piece))
                    : plain.writeAndFlushWith(body);
        }

        private boolean mayBeKept() {
            HttpHeaders headers = getHeaders();
            return !HttpStatus.PARTIAL_CONTENT.equals(getStatusCode())
                    && !headers.containsHeader(HttpHeaders.SET_COOKIE)
                    && directives(headers, HttpHeaders.VARY).noneMatch("*"::equals)
                    && directives(headers, HttpHeaders.CACHE_CONTROL).noneMatch(Choosing::forbids);
        }

        /** Some directives may name the fields that they are about: private="x-user". */
        private static boolean forbids(String directive) {
            int equals = directive.indexOf('=');
            return NOT_KEPT.contains(directive)
                    || equals > 0 && NOT_KEPT.contains(directive.substring(0, equals).strip());
        }
    }

    private static Stream<String> directives(HttpHeaders headers, String name) {
        List<String> values = headers.getOrEmpty(name);
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(directive -> directive.strip().toLowerCase(Locale.ROOT));
    }
}
