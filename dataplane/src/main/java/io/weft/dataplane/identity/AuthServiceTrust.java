// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import io.weft.dataplane.identity.UntrustedPeerException.Reason;
import io.weft.policy.identity.ServiceName;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust in the mesh's own auth service and in nobody else, for clients of the JDK: by what this
 * proxy believes at the moment, whatever the host is called.
 */
public final class AuthServiceTrust extends X509ExtendedTrustManager {

    private static final ServiceName AUTH_SERVICE = ServiceName.parse("auth-service");

    private final WorkloadIdentity identity;

    private AuthServiceTrust(WorkloadIdentity identity) {
        this.identity = identity;
    }

    /** For connections that show no identity. */
    public static SSLContext of(WorkloadIdentity identity) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new AuthServiceTrust(identity)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        Credentials now = identity.credentials();
        if (now == null) {
            throw new CertificateException("there is no trust bundle yet");
        }
        Peer peer = now.peer(List.of(chain));
        if (!peer.id().workload().equals(AUTH_SERVICE)) {
            throw new UntrustedPeerException(
                    Reason.OTHER_WORKLOAD, peer.id() + " (expected: " + AUTH_SERVICE + ")");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("this is for clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
