// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.failure;

import java.time.Instant;

/**
 * A request that this proxy answered itself, as operators see it.
 *
 * @param decision the id that the client was told
 * @param listener where the request came in
 * @param reason one word for machines, such as {@code bad-chunk}
 * @param detail for people; may name rules and instances
 * @param peer where the request came from
 */
public record Refusal(
        String decision,
        Instant at,
        String listener,
        Answer answer,
        String reason,
        String detail,
        String peer) {}
