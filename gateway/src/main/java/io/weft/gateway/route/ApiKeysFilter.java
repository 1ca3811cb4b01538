// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.route;

import io.weft.dataplane.http.ApiKeyForm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** Keeps the mesh's API keys from whoever is behind a route of the user's own. */
public final class ApiKeysFilter implements HttpHeadersFilter {

    private static final String NAME = "X-Api-Key";

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        List<String> shown = input.getOrEmpty(NAME);
        if (shown.stream().noneMatch(ApiKeysFilter::isKey)) {
            return input;
        }
        var headers = new HttpHeaders();
        headers.addAll(input);
        headers.remove(NAME);
        shown.stream().filter(each -> !isKey(each)).forEach(each -> headers.add(NAME, each));
        return headers;
    }

    private static boolean isKey(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        return ApiKeyForm.isKey(bytes, 0, bytes.length);
    }
}
