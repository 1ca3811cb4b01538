// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import io.weft.policy.identity.SpiffeId;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Who is at the other end of a connection, proved by a key and believed when it was made.
 *
 * @param source the workload's name, as metrics write it
 * @param notAfter when that proof ends
 * @param chain what it was proved with
 */
public record Peer(SpiffeId id, String source, Instant notAfter, List<X509Certificate> chain) {

    public Peer {
        chain = List.copyOf(chain);
    }

    Peer(SpiffeId id, Instant notAfter, List<X509Certificate> chain) {
        this(id, id.workload().toString(), notAfter, chain);
    }
}
