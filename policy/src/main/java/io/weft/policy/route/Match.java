// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import io.weft.policy.request.Sources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request must have; all of it.
 *
 * @param method null for any
 * @param headers no name twice: both values cannot be the only one
 * @param query no name twice: both values cannot be the first
 * @param cookies no name twice: both values cannot be the only one
 * @param from who asks
 * @param port for which the client asks; null for any
 */
public record Match(
        PathMatch path,
        @Nullable String method,
        List<HeaderMatch> headers,
        List<QueryMatch> query,
        List<CookieMatch> cookies,
        Sources from,
        @Nullable Integer port) {

    /** Whether it is for all requests with its path. */
    public boolean asksForPathAlone() {
        return method == null
                && headers.isEmpty()
                && query.isEmpty()
                && cookies.isEmpty()
                && from.areAny()
                && port == null;
    }

    /** Every request. */
    public static final Match ALL =
            new Match(PathMatch.ANY, null, List.of(), List.of(), List.of(), Sources.ANY, null);

    public Match {
        headers = List.copyOf(headers);
        query = List.copyOf(query);
        cookies = List.copyOf(cookies);
        if (headers.stream().map(HeaderMatch::name).distinct().count() < headers.size()
                || query.stream().map(QueryMatch::name).distinct().count() < query.size()
                || cookies.stream().map(CookieMatch::name).distinct().count() < cookies.size()) {
            throw new IllegalArgumentException(
                    "match (expected: no header, parameter or cookie twice)");
        }
    }
}
