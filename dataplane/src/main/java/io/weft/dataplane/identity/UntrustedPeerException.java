// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import java.security.cert.CertificateException;
import java.util.Locale;

/** A peer that does not prove to be a workload of this mesh, or the one that was expected. */
public final class UntrustedPeerException extends CertificateException {

    private final Reason reason;

    /** Why a peer is not believed. */
    public enum Reason {
        NO_CERTIFICATE,
        TOO_LARGE,
        MALFORMED,
        WEAK_KEY,
        NO_WORKLOAD,
        OTHER_TRUST_DOMAIN,
        UNKNOWN_AUTHORITY,
        DISTRUSTED,
        REMOVED,
        EXPIRED,
        NOT_YET_VALID,
        OTHER_WORKLOAD;

        /** As logs and metrics write it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    UntrustedPeerException(Reason reason, String message) {
        super(reason.label() + ": " + message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
