// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.hostile;

import io.weft.conformance.raw.RawResponse;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The problem document (RFC 9457) that a proxy answers with when it answers itself. */
final class Problem {

    /** What tells a client how the proxy is made. */
    private static final Pattern INSIDE =
            Pattern.compile("Exception|\\bat [a-z]+\\.|java\\.|io\\.netty|io\\.weft|org\\.spring");

    private Problem() {}

    /** What is wrong with an error of the proxy's own; empty if nothing is. */
    static Optional<String> objection(RawResponse response) {
        String type = response.header("Content-Type").orElse("");
        if (!type.startsWith("application/problem+json")) {
            return Optional.of("Content-Type: " + type + " (expected: application/problem+json)");
        }
        if (INSIDE.matcher(response.text()).find()) {
            return Optional.of("the answer tells about the inside: " + response.text());
        }
        return fields(response);
    }

    private static Optional<String> fields(RawResponse response) {
        Map<?, ?> fields;
        try {
            // JSON is YAML 1.2, so the corpus' reader will do.
            Object read = new Load(LoadSettings.builder().build()).loadFromString(response.text());
            fields = read instanceof Map<?, ?> map ? map : Map.of();
        } catch (YamlEngineException _) {
            return Optional.of("not JSON: " + response.text());
        }
        if (!String.valueOf(response.status()).equals(String.valueOf(fields.get("status")))) {
            return Optional.of("status in the body: " + fields);
        }
        for (String name : new String[] {"title", "detail", "flag"}) {
            if (!(fields.get(name) instanceof String text) || text.isBlank()) {
                return Optional.of("no " + name + " in the body: " + fields);
            }
        }
        return Optional.empty();
    }
}
