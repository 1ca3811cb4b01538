// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.run;

import io.weft.policy.identity.ServiceName;

/**
 * A user's process.
 *
 * @param name the service it is
 * @param version its version label
 * @param port where it listens, on loopback
 */
record Guest(String name, String version, int port) {

    Guest {
        if (!ServiceName.isLabel(name)) {
            throw new IllegalArgumentException(
                    "name: " + name + " (expected: lower-case letters, digits and inner dashes)");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1-65535)");
        }
    }

    /** The process among others, also of the same service. */
    String member() {
        return name + "-" + port;
    }
}
