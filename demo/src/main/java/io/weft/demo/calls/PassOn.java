// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.calls;

import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Copies from the request being served to the calls made for it what belongs to the visitor. Only
 * the service itself can do that: to its agent, what comes in and what goes out are unrelated.
 */
final class PassOn implements ClientHttpRequestInterceptor {

    private static final List<String> HEADERS =
            List.of(
                    HttpHeaders.AUTHORIZATION,
                    "traceparent",
                    "tracestate",
                    "x-tester",
                    "x-weft-deadline",
                    "x-weft-shadow");

    @Override
    public ClientHttpResponse intercept(
            HttpRequest call, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes now) {
            for (String header : HEADERS) {
                String value = now.getRequest().getHeader(header);
                if (value != null) {
                    call.getHeaders().set(header, value);
                }
            }
        }
        return execution.execute(call, body);
    }
}
