// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.jspecify.annotations.Nullable;

/** A key that signs certificates, and how these refer to it. */
record Signer(X500Name name, PrivateKey key, @Nullable AuthorityKeyIdentifier identifier) {

    Signer(X500Name name, PrivateKey key) {
        this(name, key, null);
    }

    static Signer of(CertifiedKey authority) {
        X509Certificate certificate = authority.certificate();
        return new Signer(
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                authority.key(),
                identifier(certificate));
    }

    private static AuthorityKeyIdentifier identifier(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Extension.subjectKeyIdentifier.getId());
        if (extension == null) {
            throw new IllegalArgumentException(
                    "issuing certificate: no subject key identifier (expected: one)");
        }
        var identifier =
                SubjectKeyIdentifier.getInstance(
                        ASN1OctetString.getInstance(extension).getOctets());
        return new AuthorityKeyIdentifier(identifier.getKeyIdentifier());
    }

    AuthorityKeyIdentifier keyIdentifier() {
        if (identifier == null) {
            throw new IllegalStateException("a root refers to nobody");
        }
        return identifier;
    }
}
