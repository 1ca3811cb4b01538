// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that cannot be meant: the gateway does not start, and says why in a few lines. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SettingsTest {

    /** What a start with these settings says before it gives up. */
    private static String refusal(Map<String, String> settings) {
        var log = new TestLog();
        try (log) {
            assertThatException()
                    .isThrownBy(
                            () -> RunningGateway.start(GatewayApplication.class, settings, log));
        }
        return String.join("\n", log.lines());
    }

    @Test
    void refusesASettingThatDoesNotExist() {
        assertThat(refusal(Map.of("weft.gateway.opne-routes", "a")))
                .contains("APPLICATION FAILED TO START")
                .contains("weft.gateway.opne-routes = a")
                .contains("did you mean weft.gateway.open-routes?")
                .doesNotContain("\tat ");
    }

    @Test
    void namesThePlaceOfEverySettingThatDoesNotExist(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("application.yml");
        Files.writeString(
                file,
                """
                weft:
                  gateway:
                    timeouts:
                      conect: 1s
                    colour: green
                """);
        var settings = new HashMap<String, String>();
        settings.put("spring.config.location", file.toString());
        assertThat(refusal(settings))
                .contains("weft.gateway.timeouts.conect = 1s")
                .contains("application.yml] - 4:15")
                .contains("did you mean weft.gateway.timeouts.connect?")
                .contains("weft.gateway.colour = green")
                .contains("application.yml] - 5:13");
    }

    @ParameterizedTest
    @CsvSource({
        "timeouts.connect, soon, Duration",
        "timeouts.connect, 0s, 'connect: 0s (expected: 1ms to 604800s)'",
        "drain.patience, -1s, 'patience: -1s (expected: 0s to 604800s)'",
        "limits.headers, 0, 'headers: 0 (expected: 1-10000)'",
        "limits.header-bytes, 3GB, 'header-bytes: 3221225472 (expected: 1024-1048576)'",
        "sign-in.client-id, x, 'issuer: none (expected: a URL such as https://id.shop.example)'",
        "sign-in.issuer, https://id.test/, 'client-secret-file: none (expected: a file that can be'",
        "trusted-proxies, 10.0.0.1/8, 'trusted-proxies: 10.0.0.1/8 (expected: an IP network'",
        "control-plane, ftp://127.0.0.1:1, 'control-plane: ftp://127.0.0.1:1 (expected: an address'",
    })
    void refusesAValueThatCannotBeMeant(String key, String value, String message) {
        assertThat(refusal(Map.of("weft.gateway." + key, value)))
                .contains("APPLICATION FAILED TO START")
                .contains("weft.gateway")
                .contains(message)
                .doesNotContain("\tat ");
    }
}
