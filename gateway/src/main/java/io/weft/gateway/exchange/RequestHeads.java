// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.dataplane.http.HttpFault;
import io.weft.dataplane.http.HttpLimits;
import io.weft.dataplane.http.Progress;
import io.weft.dataplane.http.RequestHead;
import io.weft.gateway.edge.Client;
import io.weft.policy.request.HeaderName;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.ClassUtils;

/**
 * Shows a request to the policy exactly as it would be sent: as the engine read it as long as
 * nobody has changed it, otherwise written out and read again by the same rules.
 */
public final class RequestHeads {

    /** What Spring makes of a received request; whoever changes it wraps it or makes another. */
    private static final Class<?> AS_RECEIVED =
            ClassUtils.resolveClassName(
                    "org.springframework.http.server.reactive.ReactorServerHttpRequest", null);

    /** Filters may add to what clients send. */
    private static final HttpLimits LIMITS = new HttpLimits(256 * 1024, 1_000);

    /** Reactor Netty tells the number of a stream, and the like, in fields of the request. */
    private static final String HTTP2_PREFIX = "x-http2-";

    private RequestHeads() {}

    /**
     * @throws UnsendableRequestException when it could not be sent
     */
    public static RequestHead of(ServerHttpRequest request, Client client) {
        if (!AS_RECEIVED.equals(request.getClass())) {
            return read(request, client, LIMITS);
        }
        RequestHead received = client.received();
        return received == null ? read(request, client, client.limits()) : received;
    }

    private static RequestHead read(ServerHttpRequest request, Client client, HttpLimits limits) {
        ByteBuf bytes = Unpooled.buffer(1_024);
        write(request, bytes);
        var head = new RequestHead(limits);
        head.arriveOn(client.port());
        Progress progress = head.feed(bytes);
        if (progress == Progress.FAULT) {
            throw new UnsendableRequestException(head.fault());
        }
        if (progress == Progress.MORE || bytes.isReadable()) {
            throw new UnsendableRequestException(HttpFault.BAD_FIELD);
        }
        return head;
    }

    private static void write(ServerHttpRequest request, ByteBuf to) {
        URI uri = request.getURI();
        token(request.getMethod().name(), to);
        to.writeByte(' ');
        String path = uri.getRawPath();
        text(path == null || path.isEmpty() ? "/" : path, to);
        if (uri.getRawQuery() != null) {
            to.writeByte('?');
            text(uri.getRawQuery(), to);
        }
        text(" HTTP/1.1", to);
        lineEnd(to);
        request.getHeaders().forEach((name, values) -> fields(name, values, to));
        lineEnd(to);
    }

    private static void fields(String name, List<String> values, ByteBuf to) {
        if (name.regionMatches(true, 0, HTTP2_PREFIX, 0, HTTP2_PREFIX.length())) {
            return;
        }
        for (String value : values) {
            token(name, to);
            to.writeByte(':');
            text(value, to);
            lineEnd(to);
        }
    }

    private static void token(String text, ByteBuf to) {
        if (!HeaderName.isToken(text)) {
            throw new UnsendableRequestException(HttpFault.BAD_FIELD);
        }
        to.writeCharSequence(text, StandardCharsets.US_ASCII);
    }

    /** Text in which nothing is hidden: a line end would begin a field that nobody has seen. */
    private static void text(String text, ByteBuf to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f || c > 0xff) {
                throw new UnsendableRequestException(HttpFault.BAD_FIELD);
            }
        }
        to.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    }

    private static void lineEnd(ByteBuf to) {
        to.writeByte('\r').writeByte('\n');
    }
}
