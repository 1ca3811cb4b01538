// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.upstream;

import io.netty.handler.ssl.SslHandler;
import io.weft.dataplane.identity.Credentials;
import io.weft.dataplane.identity.MutualTls;
import io.weft.dataplane.identity.Peer;
import io.weft.dataplane.identity.UntrustedPeerException;
import java.time.Duration;
import java.time.Instant;

/**
 * What the two ends of a connection have proved to each other, and for how long it holds. Used on
 * one event loop.
 */
final class Proof {

    /** Of the time that is left, what a connection is used for: the peer ends it with the rest. */
    private static final double USED = 0.9;

    private final MutualTls tls;
    private final Peer peer;
    private final long usedUntil;
    private Credentials credentials;

    private Proof(MutualTls tls, Credentials credentials, Peer peer, long usedUntil) {
        this.tls = tls;
        this.credentials = credentials;
        this.peer = peer;
        this.usedUntil = usedUntil;
    }

    /**
     * Takes what a handshake has proved.
     *
     * @throws UntrustedPeerException when it is not the workload that was called
     */
    static Proof of(MutualTls tls, Credentials credentials, SslHandler handler)
            throws UntrustedPeerException {
        Peer peer = credentials.peer(handler, tls.peer());
        Instant end =
                peer.notAfter().isBefore(credentials.notAfter())
                        ? peer.notAfter()
                        : credentials.notAfter();
        long left = Duration.between(Instant.now(), end).toNanos();
        return new Proof(tls, credentials, peer, System.nanoTime() + (long) (left * USED));
    }

    /** Whether a request may still be sent on the strength of it. */
    boolean holds() {
        if (System.nanoTime() - usedUntil >= 0) {
            return false;
        }
        Credentials now = tls.identity().credentials();
        if (now != null && !now.equals(credentials)) {
            if (!now.stillBelieve(peer)) {
                return false;
            }
            credentials = now;
        }
        return true;
    }
}
