// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A workload's key and certificates.
 *
 * @param chain the workload's own first
 */
public record TestIdentity(PrivateKey key, List<X509Certificate> chain) {

    public TestIdentity {
        chain = List.copyOf(chain);
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /** The same key with another chain behind the leaf. */
    public TestIdentity behind(List<X509Certificate> others) {
        return new TestIdentity(key, Stream.concat(Stream.of(leaf()), others.stream()).toList());
    }

    /**
     * The same key, shown with these bytes for its certificates, which need not be certificates nor
     * fit the key.
     */
    public TestIdentity showing(List<byte[]> certificates) {
        return new TestIdentity(
                key,
                certificates.stream()
                        .<X509Certificate>map(each -> new ShownCertificate(each, leaf()))
                        .toList());
    }

    /** For a client or server of the JDK that shows this identity and believes everybody. */
    public SSLContext believingEverybody() {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    new KeyManager[] {new AsItIs()}, new TrustManager[] {new Everybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For a client that shows no certificate and believes everybody. */
    public static SSLContext anonymous() {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new Everybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Keeps the identity where a proxy looks for the one it was given before.
     *
     * @param bundle the trust bundle, as SPIFFE writes it
     */
    public void keepIn(Path directory, String bundle) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("identity.pem");
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        var text = new StringBuilder(pem("PRIVATE KEY", key.getEncoded()));
        for (X509Certificate each : chain) {
            text.append(pem("CERTIFICATE", encoded(each)));
        }
        Files.writeString(file, text);
        Files.writeString(directory.resolve("bundle.json"), bundle);
    }

    /** A certificate or key as text (RFC 7468). */
    public static String pem(String label, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(
                        label,
                        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der),
                        label);
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Shows the chain whatever is wrong with it, which no key store would hold. */
    private final class AsItIs extends X509ExtendedKeyManager {

        private static final String ALIAS = "key";

        @Override
        public String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return ALIAS;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return type.equals(key.getAlgorithm()) ? ALIAS : null;
        }

        @Override
        public String chooseEngineClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return chooseServerAlias(type, issuers, null);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }
    }

    private static final class Everybody implements X509TrustManager {
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
