// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.raw.RawResponse;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The body of an answer that the proxy gives itself (RFC 9457), with the members that it must have.
 */
final class ProblemDocument {

    private ProblemDocument() {}

    static void assertIn(RawResponse response, int status, String flag) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("Content-Type"))
                .hasValueSatisfying(
                        type -> assertThat(type).startsWith("application/problem+json"));
        // JSON is YAML 1.2.
        Object read = new Load(LoadSettings.builder().build()).loadFromString(response.text());
        assertThat(read).isInstanceOf(Map.class);
        Map<?, ?> members = (Map<?, ?>) read;
        assertThat(String.valueOf(members.get("status"))).isEqualTo(String.valueOf(status));
        assertThat(String.valueOf(members.get("title"))).isNotBlank().isNotEqualTo("null");
        assertThat(String.valueOf(members.get("detail"))).isNotBlank().isNotEqualTo("null");
        assertThat(String.valueOf(members.get("flag"))).isEqualTo(flag);
        assertThat(response.header("X-Weft-Decision"))
                .hasValue(String.valueOf(members.get("decision")));
    }
}
