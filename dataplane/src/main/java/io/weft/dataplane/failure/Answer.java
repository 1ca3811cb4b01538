// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.failure;

import java.util.Locale;

/**
 * What a client is told.
 *
 * @param reason the status line's phrase
 * @param detail one sentence for people; it names nothing that a stranger may not know
 */
public record Answer(int status, String reason, String title, String detail, Flag flag) {

    /**
     * The answer as a problem document (RFC 9457).
     *
     * @param decision the id under which this proxy remembers the decision
     */
    public String toProblem(String decision) {
        // Every part is our own text without a character that JSON would have to escape.
        return "{\"type\":\"urn:weft:problem:%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"flag\":\"%s\",\"decision\":\"%s\"}\n"
                .formatted(
                        title.toLowerCase(Locale.ROOT).replace(' ', '-'),
                        title,
                        status,
                        detail,
                        flag.label(),
                        decision);
    }
}
