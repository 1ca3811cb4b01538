// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.audit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that happened.
 *
 * @param event what, in a word
 * @param facts names and values, in the order in which they are to be read; no secrets
 */
public record AuditEntry(String event, Map<String, String> facts) {

    public AuditEntry {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    public static AuditEntry of(String event) {
        return new AuditEntry(event, Map.of());
    }

    /** The same with one fact more. */
    public AuditEntry with(String name, Object value) {
        var all = new LinkedHashMap<>(facts);
        all.put(name, value.toString());
        return new AuditEntry(event, all);
    }
}
