// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {

    @Test
    void readsNamesAddressesAndWildcards() {
        assertThat(HostPattern.parse("Shop.Example"))
                .isEqualTo(new HostPattern.Exact("shop.example"));
        assertThat(HostPattern.parse("orders")).hasToString("orders");
        assertThat(HostPattern.parse("127.0.0.1")).hasToString("127.0.0.1");
        assertThat(HostPattern.parse("[FE80::1]")).isEqualTo(new HostPattern.Exact("[fe80::1]"));
        assertThat(HostPattern.parse("_sip.a.test")).hasToString("_sip.a.test");
        assertThat(HostPattern.parse("*.Shop.example"))
                .isEqualTo(new HostPattern.Wildcard("shop.example"))
                .hasToString("*.shop.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.",
                "a.*",
                "*a.test",
                "*.*.test",
                "*.[::1]",
                "a..b",
                ".a",
                "a.",
                "-a",
                "a-",
                "a b",
                "a:80",
                "[::1",
                "[::1]:80",
                "http://a",
                "a/b",
                "ä.test",
                "a\n"
            })
    void refusesWhatIsNoHost(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostPattern.parse(host))
                .withMessageContaining("expected: a host name");
    }

    @Test
    void refusesLongNames() {
        String label = "a".repeat(63);

        assertThat(HostPattern.parse(label)).hasToString(label);
        assertThatIllegalArgumentException().isThrownBy(() -> HostPattern.parse(label + "a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostPattern.parse("a.".repeat(200_000) + "a"));
    }
}
