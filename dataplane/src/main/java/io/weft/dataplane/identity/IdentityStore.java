// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a workload's identity outlives its proxy: {@code identity.pem}, key and certificates in one
 * file so that they always belong together, and {@code bundle.json}, in a directory that nobody
 * else can read. The key is made here and goes nowhere.
 */
final class IdentityStore {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityStore.class);
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final String IDENTITY = "identity.pem";
    private static final String BUNDLE = "bundle.json";
    private static final String KEY = "PRIVATE KEY";
    private static final String KEY_END = "-----END " + KEY + "-----\n";
    private static final String CERTIFICATE = "CERTIFICATE";

    private final Path directory;

    IdentityStore(Path directory) {
        this.directory = directory;
    }

    /** The identity that was kept last, whether or not it is still valid. */
    Optional<Svid> identity() {
        Path file = directory.resolve(IDENTITY);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(file);
            int end = text.indexOf(KEY_END) + KEY_END.length();
            return Optional.of(
                    Svid.of(key(text.substring(0, end)), certificates(text.substring(end))));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.warn("the identity in {} is unreadable, asking for a new one", file, e);
            return Optional.empty();
        }
    }

    /** The trust bundle that was kept last. */
    Optional<TrustBundle> bundle() {
        Path file = directory.resolve(BUNDLE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(TrustBundle.parse(Files.readString(file)));
        } catch (IOException | ParseException e) {
            LOG.warn("the trust bundle in {} is unreadable ({})", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** Keeps an identity. */
    void keep(Svid svid) throws IOException {
        var text = new StringBuilder(pem(KEY, svid.key().getEncoded()));
        for (X509Certificate each : svid.chain()) {
            text.append(pem(CERTIFICATE, der(each)));
        }
        write(IDENTITY, text.toString());
    }

    /** Keeps a trust bundle as it was received. */
    void keep(String bundle) throws IOException {
        write(BUNDLE, bundle);
    }

    /** The certificates of a PEM text. */
    static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
        var in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
        var certificates = new ArrayList<X509Certificate>();
        for (var each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
            certificates.add((X509Certificate) each);
        }
        if (certificates.isEmpty()) {
            throw new CertificateException("there is no certificate");
        }
        return certificates;
    }

    private static PrivateKey key(String pem) throws GeneralSecurityException {
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    private static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(directory, PRIVATE_DIRECTORY);
        Path next = directory.resolve(name + ".next");
        Files.deleteIfExists(next);
        try (var out =
                FileChannel.open(
                        next,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
