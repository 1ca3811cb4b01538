// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PortsTest {

    private final Ports ports = new Ports();

    @AfterEach
    void letGo() {
        ports.close();
    }

    @Test
    void replacesABusyPortByOneThatIsEasyToTell() throws IOException {
        ports.claim(12_345);

        Claim second = ports.claim(12_345);

        assertThat(second.moved()).isTrue();
        assertThat(second.wanted()).isEqualTo(12_345);
        assertThat(second.port()).isBetween(22_345, 22_845);
    }

    @Test
    void seesThoseThatListenOnEveryAddress() throws IOException {
        try (ServerSocket everywhere = new ServerSocket(0)) {
            assertThat(ports.claim(everywhere.getLocalPort()).moved()).isTrue();
        }
    }

    @Test
    void seesThoseThatListenOnTheOtherLocalhost() throws IOException {
        try (ServerSocket six = new ServerSocket()) {
            six.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
            assertThat(ports.claim(six.getLocalPort()).moved()).isTrue();
        }
    }

    @Test
    void keepsAPortUntilItIsReleased() throws IOException {
        Claim claim = ports.claim(18_081);
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), claim.port());
        try (ServerSocket other = new ServerSocket()) {
            assertThatThrownBy(() -> other.bind(address)).isInstanceOf(BindException.class);
            claim.release();
            assertThatCode(() -> other.bind(address)).doesNotThrowAnyException();
        }
    }
}
