// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import io.weft.policy.request.HeaderName;
import java.time.Duration;
import java.util.List;

/**
 * Which pages of other origins may use the answers of a rule (Fetch Standard, CORS protocol;
 * Gateway API, {@code HTTPCORSFilter}). What the service itself says about that is replaced.
 *
 * @param origins at least one
 * @param methods beyond GET, HEAD and POST; empty for none, {@link #ANY} alone for all
 * @param headers beyond those that every page may send; empty for none, {@link #ANY} alone for all
 * @param expose headers of the answer that pages may read; {@link #ANY} alone for all
 * @param maxAge for how long browsers remember
 * @param credentials whether pages may send cookies and the like
 */
public record Cors(
        List<OriginPattern> origins,
        List<String> methods,
        List<String> headers,
        List<String> expose,
        Duration maxAge,
        boolean credentials) {

    /** Stands for everything in a list. */
    public static final String ANY = "*";

    /** As long as browsers remember when nobody tells them. */
    public static final Duration DEFAULT_MAX_AGE = Duration.ofSeconds(5);

    public Cors {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        expose = List.copyOf(expose);
        if (origins.isEmpty()) {
            throw new IllegalArgumentException("cors (expected: an origin)");
        }
    }

    /** The name of the field that says which page asks. */
    public static final HeaderName ORIGIN = HeaderName.of("origin");
}
