// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.route;

import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * Names this gateway on requests that take a route of the user's own, so that one that comes back
 * is recognised.
 */
public final class ViaFilter implements HttpHeadersFilter {

    private final String entry;

    /**
     * @param proxy the name by which the gateway recognises itself
     */
    public ViaFilter(String proxy) {
        this.entry = "1.1 " + proxy;
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        var headers = new HttpHeaders();
        headers.addAll(input);
        headers.add(HttpHeaders.VIA, entry);
        return headers;
    }
}
