// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Makes Spring Boot's compression ({@code server.compression}) one that caches and validators can
 * live with (RFC 9110 §8.4, §8.8.3, §12.5.5): Netty changes the body and says nothing about it.
 * Responses without a body go out as they came; Reactor Netty writes their heads without asking.
 */
final class Compression {

    /** Fields that say what the bytes of the body are. */
    private static final List<String> DIGESTS =
            List.of("content-digest", "repr-digest", "digest", "content-md5");

    private Compression() {}

    /** The same server, if it compresses with more care. */
    static HttpServer careful(HttpServer server) {
        BiPredicate<HttpServerRequest, HttpServerResponse> wanted =
                server.configuration().compressPredicate();
        return wanted == null
                ? server
                : server.compress(
                        (request, response) ->
                                wanted.test(request, response) && prepare(request, response));
    }

    /**
     * Asked when a head is about to be written, which is the last moment to change it.
     *
     * @return whether the body may be compressed, if the client takes that
     */
    private static boolean prepare(HttpServerRequest request, HttpServerResponse response) {
        HttpHeaders headers = response.responseHeaders();
        if (mustStay(response, headers)) {
            return false;
        }
        vary(headers);
        if (request.requestHeaders().contains(HttpHeaderNames.ACCEPT_ENCODING)) {
            weaken(headers);
        }
        return true;
    }

    /** Also for those who get it as it is: a cache must not give it to everybody. */
    private static void vary(HttpHeaders headers) {
        if (!headers.containsValue(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING, true)
                && !headers.containsValue(HttpHeaderNames.VARY, "*", true)) {
            headers.add(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
        }
    }

    private static boolean mustStay(HttpServerResponse response, HttpHeaders headers) {
        int status = response.status().code();
        return status == HttpResponseStatus.PARTIAL_CONTENT.code()
                || headers.contains(HttpHeaderNames.CONTENT_ENCODING)
                || headers.containsValue(
                        HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_TRANSFORM, true)
                || DIGESTS.stream().anyMatch(headers::contains);
    }

    /** Two forms of a body cannot have one strong validator. */
    private static void weaken(HttpHeaders headers) {
        String tag = headers.get(HttpHeaderNames.ETAG);
        if (tag != null && !tag.toUpperCase(Locale.ROOT).startsWith("W/")) {
            headers.set(HttpHeaderNames.ETAG, "W/" + tag);
        }
    }
}
