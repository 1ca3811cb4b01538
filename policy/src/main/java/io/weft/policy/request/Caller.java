// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

import io.weft.policy.identity.ServiceName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who sends requests over a connection, as far as it is proven. One for all requests of the
 * connection, so that deciding about them allocates nothing.
 */
public final class Caller {

    private final Optional<ServiceName> workload;
    private final byte[] address;

    private Caller(@Nullable ServiceName workload, byte[] address) {
        this.workload = Optional.ofNullable(workload);
        this.address = Network.plain(address);
    }

    /**
     * A workload that has shown its identity, or in whose name this proxy itself speaks.
     *
     * @param address 4 or 16 bytes, in network order
     */
    public static Caller of(ServiceName workload, byte[] address) {
        return new Caller(workload, address);
    }

    /** Somebody in clear, where that is permitted. */
    public static Caller unidentified(byte[] address) {
        return new Caller(null, address);
    }

    public Optional<ServiceName> workload() {
        return workload;
    }

    public boolean isIn(Network network) {
        return network.contains(address);
    }

    /** A number that the address it sends from has and few others have. */
    public long addressHash() {
        long hash = address.length;
        for (byte b : address) {
            hash = hash * 0x5851f42d4c957f2dL + (b & 0xff) + 1;
        }
        return hash;
    }

    /** The address it sends from, as text. */
    public String address() {
        return Network.text(address);
    }

    @Override
    public String toString() {
        return workload.map(ServiceName::toString).orElse("unidentified") + " at " + address();
    }
}
