// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import io.weft.policy.identity.SpiffeId;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A workload's own identity: its key, and the certificates that say whose key it is (X509-SVID).
 *
 * @param chain the workload's certificate first, then those of the authorities below the root
 */
record Svid(SpiffeId id, PrivateKey key, List<X509Certificate> chain) {

    Svid {
        chain = List.copyOf(chain);
    }

    /**
     * @throws UntrustedPeerException when the first certificate does not name a workload
     */
    static Svid of(PrivateKey key, List<X509Certificate> chain) throws UntrustedPeerException {
        return new Svid(SvidVerifier.idOf(chain.getFirst()), key, chain);
    }

    X509Certificate leaf() {
        return chain.getFirst();
    }

    /** The first moment at which one of the certificates is no longer valid. */
    Instant notAfter() {
        return SvidVerifier.notAfter(chain);
    }

    boolean isValidAt(Instant now) {
        return now.isBefore(notAfter());
    }
}
