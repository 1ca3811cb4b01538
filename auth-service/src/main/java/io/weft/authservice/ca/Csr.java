// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/**
 * A certification request (PKCS#10, RFC 2986). Of everything it says only the key counts: its
 * holder has shown to have the private one. Names, extensions and lifetimes asked for are not even
 * looked at.
 *
 * @param key SubjectPublicKeyInfo of a key on P-256 or P-384, a point of its curve
 */
public record Csr(byte[] key) {

    public static final int MAX_BYTES = 4 * 1024;

    private static final Set<ASN1ObjectIdentifier> CURVES =
            Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1);

    private static final Map<ASN1ObjectIdentifier, String> ALGORITHMS =
            Map.of(
                    X9ObjectIdentifiers.ecdsa_with_SHA256, "SHA256withECDSA",
                    X9ObjectIdentifiers.ecdsa_with_SHA384, "SHA384withECDSA",
                    X9ObjectIdentifiers.ecdsa_with_SHA512, "SHA512withECDSA");

    /**
     * Reads a request and checks that whoever made it has the private key.
     *
     * @throws BadCsrException when it is not in DER, of another kind of key, or not signed by it
     */
    public static Csr read(byte[] der) {
        if (der.length > MAX_BYTES) {
            throw new BadCsrException(der.length + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        Der.requireShallow(der);
        CertificationRequest request = parse(der);
        requireDistinct(request.getCertificationRequestInfo().getAttributes());
        SubjectPublicKeyInfo info = request.getCertificationRequestInfo().getSubjectPublicKeyInfo();
        requireSupported(info);
        requirePossession(request, key(info));
        return new Csr(encoded(info));
    }

    private static CertificationRequest parse(byte[] der) {
        try {
            ASN1Primitive parsed = ASN1Primitive.fromByteArray(der);
            CertificationRequest request = CertificationRequest.getInstance(parsed);
            // Of the structure rather than of what was parsed: it forgives tags that it ignores.
            if (!Arrays.equals(request.getEncoded(ASN1Encoding.DER), der)) {
                throw new BadCsrException("not in DER");
            }
            return request;
        } catch (IOException | RuntimeException e) {
            throw e instanceof BadCsrException bad ? bad : new BadCsrException("not a PKCS#10");
        }
    }

    private static void requireDistinct(ASN1Set attributes) {
        var seen = new HashSet<ASN1ObjectIdentifier>();
        try {
            for (int i = 0; attributes != null && i < attributes.size(); i++) {
                if (!seen.add(Attribute.getInstance(attributes.getObjectAt(i)).getAttrType())) {
                    throw new BadCsrException("an attribute twice");
                }
            }
        } catch (IllegalArgumentException e) {
            throw new BadCsrException("not a PKCS#10");
        }
    }

    private static void requireSupported(SubjectPublicKeyInfo info) {
        if (!info.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                || !(info.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve)
                || !CURVES.contains(curve)) {
            throw new BadCsrException("its key is not on P-256 or P-384");
        }
    }

    private static PublicKey key(SubjectPublicKeyInfo info) {
        try {
            PublicKeyFactory.createKey(info); // Checks that the point is on the curve.
            return EcKeys.publicKey(encoded(info));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new BadCsrException("its key is not a point of its curve");
        }
    }

    private static void requirePossession(CertificationRequest request, PublicKey key) {
        String algorithm = ALGORITHMS.get(request.getSignatureAlgorithm().getAlgorithm());
        if (algorithm == null) {
            throw new BadCsrException("not signed by ECDSA with SHA-256, SHA-384 or SHA-512");
        }
        try {
            byte[] content = request.getCertificationRequestInfo().getEncoded(ASN1Encoding.DER);
            if (!EcKeys.verifies(algorithm, key, content, request.getSignature().getOctets())) {
                throw new BadCsrException("not signed with its key");
            }
        } catch (IOException | IllegalStateException e) {
            throw new BadCsrException("not signed with its key");
        }
    }

    private static byte[] encoded(SubjectPublicKeyInfo info) {
        try {
            return info.getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
