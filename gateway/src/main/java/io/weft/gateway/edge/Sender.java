// SPDX-License-Identifier: Apache-2.0
package io.weft.gateway.edge;

import io.weft.dataplane.dispatch.Via;
import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Caller;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request and how, as far as it is believed: the other end of a connection, or whom a
 * trusted proxy names. The edge asks in its own name, for whoever is at that address.
 */
final class Sender {

    private static final byte[] NOWHERE = new byte[4];

    private final @Nullable InetSocketAddress address;
    private final String scheme;
    private final Caller caller;
    private final byte[] forwardedLines;

    Sender(@Nullable InetSocketAddress address, String scheme) {
        InetAddress host = address == null ? null : address.getAddress();
        this.address = address;
        this.scheme = scheme;
        this.caller = Caller.of(ServiceName.GATEWAY, host == null ? NOWHERE : host.getAddress());
        this.forwardedLines = Via.forwardedLines(host == null ? null : address, scheme);
    }

    @Nullable InetSocketAddress address() {
        return address;
    }

    /** {@code http} or {@code https}. */
    String scheme() {
        return scheme;
    }

    Caller caller() {
        return caller;
    }

    /** What services are told about it, as whole lines. */
    byte[] forwardedLines() {
        return forwardedLines;
    }
}
