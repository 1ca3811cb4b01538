// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request and what must become of it.
 *
 * @param caller the workload that sends it; empty for somebody in clear
 * @param address from which it is sent
 * @param service for which it is meant
 * @param key which API key the request has; empty for none
 * @param status 200 where it is let through, 401 where a token or key is missing, 403 where it is
 *     refused
 * @param rule that decides
 * @param shadows the rules in shadow mode that hold
 */
public record AccessCase(
        String id,
        Optional<String> caller,
        String address,
        String service,
        String method,
        String path,
        List<Map.Entry<String, String>> headers,
        TokenKind token,
        String key,
        int status,
        String rule,
        List<String> shadows) {

    /** What the request has for a token. */
    public sealed interface TokenKind {

        record None() implements TokenKind {}

        /**
         * A good one.
         *
         * @param claims all but those that say from when and until when
         */
        record Good(Map<String, Object> claims) implements TokenKind {}

        /**
         * @param how one of the words in the table
         */
        record Bad(String how) implements TokenKind {}
    }

    /** Whether the edge can ask it: who calls from there is the edge. */
    public boolean isForTheEdge() {
        return caller.equals(Optional.of("gateway"));
    }

    /** The host under which the table's policy routes to the service at the edge. */
    public String edgeHost() {
        return service + ".test";
    }

    @Override
    public String toString() {
        return id + " " + method + " " + service + path;
    }
}
