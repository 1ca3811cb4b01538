// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.listen;

import java.net.InetAddress;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where workloads enrol.
 *
 * @param address the address to listen on
 * @param port the port to listen on, 0-65535; 0 for any that is free
 */
public record TlsSettings(
        @DefaultValue("127.0.0.1") InetAddress address, @DefaultValue("9443") int port) {

    public TlsSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0-65535)");
        }
    }
}
