// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {

    private static final List<String> REGISTERED =
            List.of(
                    "http://127.0.0.1/callback",
                    "http://[::1]/callback",
                    "http://app.test/callback");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:1/callback",
                "http://127.0.0.1:65535/callback",
                "http://[::1]:8080/callback"
            })
    void takesAnyPortOfANativeApplication(String uri) {
        assertThat(Loopback.matches(uri, REGISTERED)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080/callback/",
                "http://127.0.0.1:8080/call",
                "http://127.0.0.1:8080/callback?a",
                "http://127.0.0.1:8080/callback#a",
                "http://127.0.0.1:8080",
                "http://127.0.0.1:/callback",
                "http://127.0.0.1:0/callback",
                "http://127.0.0.1:08080/callback",
                "http://127.0.0.1:123456/callback",
                "http://127.0.0.1:80@evil.test/callback",
                "http://a@127.0.0.1:80/callback",
                "http://127.0.0.2:80/callback",
                "http://localhost:80/callback",
                "https://127.0.0.1:80/callback",
                "HTTP://127.0.0.1:80/callback",
                "http://127.1:80/callback",
                "http://[0:0:0:0:0:0:0:1]:80/callback",
                "http://app.test:80/callback",
                "http://127.0.0.1:80/x/../callback",
                "http://127.0.0.1:80/callback\n",
                "http://127.0.0.1:80/\n/callback",
                ""
            })
    void takesNothingElse(String uri) {
        assertThat(Loopback.matches(uri, REGISTERED)).isFalse();
    }
}
