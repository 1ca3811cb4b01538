// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.request.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {

    private static final TrustedProxies PROXIES =
            new TrustedProxies(
                    List.of(Network.parse("10.0.0.0/8"), Network.parse("2001:db8:1::/48")));

    private static final Sender PROXY =
            new Sender(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 4711), "http");

    private static String client(String... fields) {
        return PROXIES.sender(PROXY, List.of(fields), List.of()).caller().address();
    }

    private static String scheme(String... fields) {
        return PROXIES.sender(PROXY, List.of(), List.of(fields)).scheme();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    192.0.2.7                                | 192.0.2.7
                    6.6.6.6, 192.0.2.7                       | 192.0.2.7
                    192.0.2.7, 10.9.9.9                      | 192.0.2.7
                    6.6.6.6, 192.0.2.7,10.9.9.9 , 10.1.1.1   | 192.0.2.7
                    10.9.9.9, 10.1.1.1                       | 10.9.9.9
                    2001:db8::1                              | 2001:db8:0:0:0:0:0:1
                    [2001:db8::1]                            | 2001:db8:0:0:0:0:0:1
                    [2001:db8::1]:443                        | 2001:db8:0:0:0:0:0:1
                    2001:db8::1, [2001:db8:1::5]:443         | 2001:db8:0:0:0:0:0:1
                    192.0.2.7:5678                           | 192.0.2.7
                    6.6.6.6, ::ffff:192.0.2.7                | 192.0.2.7
                    192.0.2.7, ::ffff:10.1.1.1               | 192.0.2.7
                    """)
    void findsWhomTheLastTrustedProxySaw(String field, String client) {
        assertThat(client(field)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    192.0.2.7, unknown             | 10.0.0.1
                    192.0.2.7, unknown, 10.9.9.9   | 10.9.9.9
                    192.0.2.7, , 10.9.9.9          | 10.9.9.9
                    192.0.2.7, 10.9.9              | 10.0.0.1
                    192.0.2.7, 010.9.9.9           | 10.0.0.1
                    192.0.2.7, 10.9.9.256          | 10.0.0.1
                    192.0.2.7, 10.9.9.9:           | 10.0.0.1
                    192.0.2.7, 10.9.9.9:https      | 10.0.0.1
                    192.0.2.7, 10.9.9.9:1234567    | 10.0.0.1
                    192.0.2.7, [10.9.9.9]:80       | 10.0.0.1
                    192.0.2.7, [2001:db8:1::5      | 10.0.0.1
                    192.0.2.7, []                  | 10.0.0.1
                    192.0.2.7, [2001:db8:1::5]x    | 10.0.0.1
                    192.0.2.7, 2001:db8:1::5%eth0  | 10.0.0.1
                    192.0.2.7, localhost           | 10.0.0.1
                    192.0.2.7, _hidden             | 10.0.0.1
                    192.0.2.7,                     | 10.0.0.1
                    """)
    void believesNothingLeftOfWhatCannotBeRead(String field, String client) {
        assertThat(client(field)).isEqualTo(client);
    }

    @Test
    void takesSeveralFieldsForOneList() {
        assertThat(client("6.6.6.6, 192.0.2.7", "10.2.2.2, 10.3.3.3", "10.1.1.1"))
                .isEqualTo("192.0.2.7");
        assertThat(client("6.6.6.6", "nonsense", "10.1.1.1")).isEqualTo("10.1.1.1");
        assertThat(client("", "10.1.1.1")).isEqualTo("10.1.1.1");
    }

    @Test
    void looksAtNoMoreEntriesThanThereAreProxies() {
        var hops = String.join(",", Collections.nCopies(31, "10.1.1.1"));
        assertThat(client("192.0.2.7," + hops)).isEqualTo("192.0.2.7");
        assertThat(client("192.0.2.7,10.2.2.2," + hops)).isEqualTo("10.2.2.2");
        assertThat(client("192.0.2.7," + "10.1.1.1,".repeat(100_000) + "10.1.1.1"))
                .isEqualTo("10.1.1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "https, https",
        "HTTPS, https",
        "http, http",
        "'http, https', https",
        "'https, http', http",
        "javascript, http",
        "'https,', http",
        "'', http"
    })
    void believesTheNearestProxyAboutTheScheme(String field, String scheme) {
        assertThat(scheme(field)).isEqualTo(scheme);
    }

    @Test
    void takesTheProxyForTheSenderOfWhatItSaysNothingAbout() {
        assertThat(PROXIES.sender(PROXY, List.of(), List.of())).isSameAs(PROXY);
        Sender known = PROXIES.sender(PROXY, List.of("192.0.2.7"), List.of("https"));
        assertThat(known.forwardedLines())
                .asString()
                .isEqualTo("x-forwarded-for: 192.0.2.7\r\nx-forwarded-proto: https\r\n");
    }
}
