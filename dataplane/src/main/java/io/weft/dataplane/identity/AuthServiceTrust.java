// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import io.weft.dataplane.identity.UntrustedPeerException.Reason;
import io.weft.policy.identity.ServiceName;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Trust in the mesh's own auth service and in nobody else, for clients of the JDK: by what this
 * proxy believes at the moment, whatever the host is called.
 */
public final class AuthServiceTrust {

    private static final ServiceName AUTH_SERVICE = ServiceName.parse("auth-service");

    private AuthServiceTrust() {}

    /** For connections that show no identity. */
    public static SSLContext of(WorkloadIdentity identity) {
        try {
            var trust = new MeshTrustManager(chain -> check(identity, chain));
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    private static void check(WorkloadIdentity identity, List<X509Certificate> chain)
            throws CertificateException {
        Credentials now = identity.credentials();
        if (now == null) {
            throw new CertificateException("there is no trust bundle yet");
        }
        Peer peer = now.peer(chain);
        if (!peer.id().workload().equals(AUTH_SERVICE)) {
            throw new UntrustedPeerException(
                    Reason.OTHER_WORKLOAD, peer.id() + " (expected: " + AUTH_SERVICE + ")");
        }
    }
}
