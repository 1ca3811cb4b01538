// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.listen;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.weft.authservice.enrol.Refusal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What is answered: JSON, or a problem (RFC 9457). */
final class Answer {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Problem(int status, String title, @Nullable String detail) {}

    private Answer() {}

    static FullHttpResponse json(byte[] body) {
        return of(HttpResponseStatus.OK, "application/json", body);
    }

    static FullHttpResponse json(Object value) {
        return json(JSON.writeValueAsBytes(value));
    }

    static FullHttpResponse notModified() {
        return of(HttpResponseStatus.NOT_MODIFIED, null, new byte[0]);
    }

    static FullHttpResponse problem(HttpResponseStatus status, @Nullable String detail) {
        var problem = new Problem(status.code(), status.reasonPhrase(), detail);
        return of(status, "application/problem+json", JSON.writeValueAsBytes(problem));
    }

    static FullHttpResponse refused(Refusal refusal) {
        FullHttpResponse response =
                problem(HttpResponseStatus.valueOf(refusal.kind().status()), refusal.getMessage());
        Duration after = refusal.retryAfter();
        if (after != null) {
            long seconds = Math.max(1, after.plusMillis(999).toSeconds());
            response.headers().set(HttpHeaderNames.RETRY_AFTER, seconds);
        }
        return response;
    }

    private static FullHttpResponse of(
            HttpResponseStatus status, @Nullable String type, byte[] body) {
        var response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        if (type != null) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        return response;
    }
}
