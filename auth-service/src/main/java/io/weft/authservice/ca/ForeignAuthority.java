// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import io.weft.authservice.ca.CertificateSettings.ForeignIssuer;
import io.weft.authservice.state.UnusableStateException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;

/** An issuing certificate and its roots as they stand in files. */
record ForeignAuthority(CertifiedKey issuer, List<X509Certificate> roots) {

    private static final byte[] PROBE = "weft".getBytes(StandardCharsets.US_ASCII);

    ForeignAuthority {
        roots = List.copyOf(roots);
    }

    /**
     * Reads the files and checks that key, certificates and roots belong together now.
     *
     * @throws UnusableStateException when they cannot be read or do not
     */
    static ForeignAuthority read(ForeignIssuer files, Instant now) {
        Path file = files.certificate();
        try {
            List<X509Certificate> chain = certificates(file);
            file = files.root();
            List<X509Certificate> roots = certificates(file);
            file = files.key();
            var issuer = new CertifiedKey(privateKey(file), chain);
            requirePair(issuer);
            file = files.certificate();
            requirePath(issuer.certificate(), chain, roots, now);
            return new ForeignAuthority(issuer, roots);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusableStateException(file, e.toString(), e);
        }
    }

    private static List<X509Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        var all = new ArrayList<X509Certificate>();
        var content = new ByteArrayInputStream(Files.readAllBytes(file));
        for (Certificate each :
                CertificateFactory.getInstance("X.509").generateCertificates(content)) {
            all.add((X509Certificate) each);
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no certificate in it");
        }
        return all;
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        String base64 =
                Files.readString(file)
                        .replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "")
                        .replaceAll("\\s", "");
        return EcKeys.privateKey(Base64.getDecoder().decode(base64));
    }

    private static void requirePair(CertifiedKey issuer) throws GeneralSecurityException {
        PublicKey key = EcKeys.publicKey(issuer.certificate().getPublicKey().getEncoded());
        if (!EcKeys.verifies("SHA256withECDSA", key, PROBE, EcKeys.sign(issuer.key(), PROBE))) {
            throw new IllegalArgumentException("the key is not that of the certificate");
        }
    }

    private static void requirePath(
            X509Certificate issuer,
            List<X509Certificate> chain,
            List<X509Certificate> roots,
            Instant now)
            throws GeneralSecurityException {
        boolean[] usage = issuer.getKeyUsage();
        if (issuer.getBasicConstraints() < 0 || (usage != null && !usage[5])) {
            throw new IllegalArgumentException("the certificate may not sign others");
        }
        var anchors = new HashSet<TrustAnchor>();
        roots.forEach(root -> anchors.add(new TrustAnchor(root, null)));
        var parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509").generateCertPath(chain),
                        parameters);
    }
}
