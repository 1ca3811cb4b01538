// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.identity.ServiceName;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "::ffff:10.0.0.0/104, 10.9.9.9, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
        "::/0, 127.0.0.1, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "2001:db8:8000::/33, 2001:db8:8000::1, true",
        "2001:db8:8000::/33, 2001:db8:7fff::1, false",
        "::1, ::1, true"
    })
    void holdsTheAddressesBehindItsPrefix(String network, String address, boolean inside)
            throws Exception {
        Caller caller = Caller.of(ServiceName.GATEWAY, InetAddress.getByName(address).getAddress());

        assertThat(caller.isIn(Network.parse(network))).isEqualTo(inside);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7/32",
        "2001:DB8:0::/32, 2001:db8:0:0:0:0:0:0/32",
        "::ffff:10.1.0.0/112, 10.1.0.0/16"
    })
    void isWrittenInOneForm(String written, String form) {
        assertThat(Network.parse(written)).hasToString(form).isEqualTo(Network.parse(form));
    }
}
