// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.failure;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told.
 *
 * @param reason the status line's phrase
 * @param detail one sentence for people; it names nothing that a stranger may not know
 * @param challenge what to authenticate with (the value of WWW-Authenticate, RFC 9110 §11.6.1);
 *     null where that would not help
 */
public record Answer(
        int status,
        String reason,
        String title,
        String detail,
        Flag flag,
        @Nullable String challenge) {

    Answer(int status, String reason, String title, String detail, Flag flag) {
        this(status, reason, title, detail, flag, null);
    }

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
