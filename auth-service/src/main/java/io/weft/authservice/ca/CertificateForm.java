// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.identity.SpiffeId;
import io.weft.policy.identity.TrustDomain;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** What root, issuing certificate and leaf look like (RFC 5280; leaf: SPIFFE X509-SVID). */
final class CertificateForm {

    private static final AlgorithmIdentifier ECDSA_SHA256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    private static final ExtendedKeyUsage BOTH_SIDES =
            new ExtendedKeyUsage(
                    new KeyPurposeId[] {
                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                    });

    private static final int SERIAL_BITS = 128;

    private final TrustDomain domain;
    private final SecureRandom random;

    CertificateForm(TrustDomain domain, SecureRandom random) {
        this.domain = domain;
        this.random = random;
    }

    /** Self-signed; may sign issuing certificates, which may sign leaves only. */
    byte[] root(KeyPair key, Validity validity) {
        SubjectPublicKeyInfo info = info(key.getPublic().getEncoded());
        X500Name name = authority("root", info);
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        addAuthority(extensions, 1);
        add(extensions, Extension.subjectKeyIdentifier, false, keyIdentifier(info));
        add(extensions, Extension.subjectAlternativeName, false, uri("spiffe://" + domain.name()));
        return sign(new Signer(name, key.getPrivate()), serial(), name, info, validity, extensions);
    }

    /** An issuing certificate under a root. */
    byte[] issuer(CertifiedKey root, KeyPair key, Validity validity) {
        SubjectPublicKeyInfo info = info(key.getPublic().getEncoded());
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        addAuthority(extensions, 0);
        add(extensions, Extension.subjectKeyIdentifier, false, keyIdentifier(info));
        Signer signer = Signer.of(root);
        add(extensions, Extension.authorityKeyIdentifier, false, signer.keyIdentifier());
        add(extensions, Extension.subjectAlternativeName, false, uri("spiffe://" + domain.name()));
        return sign(signer, serial(), authority("issuer", info), info, validity, extensions);
    }

    /** A workload's certificate: of the request only the key. */
    byte[] leaf(Signer issuer, SpiffeId id, byte[] key, BigInteger serial, Validity validity) {
        SubjectPublicKeyInfo info = info(key);
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        add(extensions, Extension.basicConstraints, true, new BasicConstraints(false));
        add(extensions, Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        add(extensions, Extension.extendedKeyUsage, false, BOTH_SIDES);
        add(extensions, Extension.subjectKeyIdentifier, false, keyIdentifier(info));
        add(extensions, Extension.authorityKeyIdentifier, false, issuer.keyIdentifier());
        add(extensions, Extension.subjectAlternativeName, false, uri(id.toString()));
        return sign(issuer, serial, subject(id.workload()), info, validity, extensions);
    }

    /** 128 random bits, never zero (RFC 5280 §4.1.2.2). */
    BigInteger serial() {
        BigInteger serial;
        do {
            serial = new BigInteger(SERIAL_BITS, random);
        } while (serial.signum() == 0);
        return serial;
    }

    private static SubjectPublicKeyInfo info(byte[] key) {
        return SubjectPublicKeyInfo.getInstance(key);
    }

    private X500Name authority(String role, SubjectPublicKeyInfo key) {
        byte[] id = X509.sha256(key.getPublicKeyData().getBytes());
        String which = HexFormat.of().formatHex(id, 0, 4);
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "weft")
                .addRDN(BCStyle.OU, domain.name().length() <= 64 ? domain.name() : "mesh")
                .addRDN(BCStyle.CN, role + " " + which)
                .build();
    }

    /** Names are labels of up to 63 characters; a common name holds 64 (RFC 5280, appendix A). */
    private static X500Name subject(ServiceName workload) {
        String name = workload.qualifiedHost();
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, "weft")
                .addRDN(BCStyle.CN, name.length() <= 64 ? name : workload.name())
                .build();
    }

    private static void addAuthority(ExtensionsGenerator extensions, int pathLength) {
        add(extensions, Extension.basicConstraints, true, new BasicConstraints(pathLength));
        add(
                extensions,
                Extension.keyUsage,
                true,
                new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    }

    private static GeneralNames uri(String uri) {
        return new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
    }

    /** The first 160 bits of the SHA-256 of the key (RFC 7093 §2). */
    private static SubjectKeyIdentifier keyIdentifier(SubjectPublicKeyInfo key) {
        byte[] hash = X509.sha256(key.getPublicKeyData().getBytes());
        return new SubjectKeyIdentifier(Arrays.copyOf(hash, 20));
    }

    private static void add(
            ExtensionsGenerator extensions,
            ASN1ObjectIdentifier id,
            boolean critical,
            ASN1Encodable value) {
        try {
            extensions.addExtension(id, critical, value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sign(
            Signer signer,
            BigInteger serial,
            X500Name subject,
            SubjectPublicKeyInfo key,
            Validity validity,
            ExtensionsGenerator extensions) {
        Extensions generated = extensions.generate();
        var form = new V3TBSCertificateGenerator();
        form.setSerialNumber(new ASN1Integer(serial));
        form.setSignature(ECDSA_SHA256);
        form.setIssuer(signer.name());
        form.setSubject(subject);
        form.setStartDate(new Time(Date.from(validity.notBefore())));
        form.setEndDate(new Time(Date.from(validity.notAfter())));
        form.setSubjectPublicKeyInfo(key);
        form.setExtensions(generated);
        TBSCertificate content = form.generateTBSCertificate();
        try {
            byte[] signature = EcKeys.sign(signer.key(), content.getEncoded(ASN1Encoding.DER));
            var all = new ASN1EncodableVector(3);
            all.add(content);
            all.add(ECDSA_SHA256);
            all.add(new DERBitString(signature));
            return new DERSequence(all).getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
