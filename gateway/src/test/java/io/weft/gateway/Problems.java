// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.conformance.raw.RawResponse;

/** What the gateway says by itself. */
final class Problems {

    private Problems() {}

    static void assertIn(RawResponse response, int status, String flag) {
        assertThat(response.status()).as("%s", response).isEqualTo(status);
        assertThat(response.header("Content-Type")).hasValue("application/problem+json");
        assertThat(response.header("X-Weft-Decision")).isPresent();
        assertThat(response.text())
                .contains("\"status\":" + status)
                .contains("\"flag\":\"" + flag + "\"");
    }
}
