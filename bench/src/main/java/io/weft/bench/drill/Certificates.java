// SPDX-License-Identifier: Apache-2.0
package io.weft.bench.drill;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Certificates as they are kept, and as they are shown. */
final class Certificates {

    private static final int PATIENCE_MILLIS = 5_000;
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";

    private Certificates() {}

    /** Those of a PEM file, which may have a key before them. */
    static List<X509Certificate> of(Path file) throws IOException, GeneralSecurityException {
        String text = Files.readString(file);
        int begin = Math.max(0, text.indexOf(BEGIN));
        var in =
                new ByteArrayInputStream(text.substring(begin).getBytes(StandardCharsets.US_ASCII));
        return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    /** Those with which a listener of this machine shows who it is, to anybody who asks. */
    static List<X509Certificate> shownAt(int port) throws IOException, GeneralSecurityException {
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            socket.connect(address, PATIENCE_MILLIS);
            socket.startHandshake();
            return Arrays.stream(socket.getSession().getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        }
    }

    /** Whether a chain ends under this root and nowhere else. */
    static boolean isUnder(X509Certificate root, List<X509Certificate> chain) {
        try {
            chain.getLast().verify(root.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static final class Anybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
