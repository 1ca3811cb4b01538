// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a request may take (Gateway API, {@code HTTPRouteTimeouts}).
 *
 * @param request from the whole head received to the end of the response; null for no limit
 * @param attempt from one instance chosen to the end of its response; null for no limit, never more
 *     than {@code request}
 */
public record Timeouts(@Nullable Duration request, @Nullable Duration attempt) {

    public static final Timeouts NONE = new Timeouts(null, null);

    public Timeouts {
        if (request != null && attempt != null && attempt.compareTo(request) > 0) {
            throw new IllegalArgumentException(
                    "attempt: " + attempt + " (expected: at most the request's " + request + ")");
        }
    }
}
