// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.listen;

import java.net.InetSocketAddress;

/** Workloads cannot be listened to. */
public final class ListenException extends RuntimeException {

    private final InetSocketAddress address;

    ListenException(InetSocketAddress address, Throwable cause) {
        super("cannot listen on " + address + ": " + cause.getMessage(), cause);
        this.address = address;
    }

    public InetSocketAddress address() {
        return address;
    }
}
