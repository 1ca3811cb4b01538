// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Believes whom a check believes, on either side of a connection. Names of hosts mean nothing here:
 * certificates name workloads.
 */
final class MeshTrustManager extends X509ExtendedTrustManager {

    private final Check check;

    /** Looks at a chain of certificates, the peer's own first. */
    @FunctionalInterface
    interface Check {
        void check(List<X509Certificate> chain) throws CertificateException;
    }

    MeshTrustManager(Check check) {
        this.check = check;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        check.check(List.of(chain));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
