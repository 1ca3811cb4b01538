// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority of a trust domain, with a root and an issuer below it. It signs what it
 * is asked to, also what no authority should.
 */
public final class TestAuthority {

    private static final AtomicLong SERIALS = new AtomicLong(1);

    private final String trustDomain;
    private final X509Certificate root;
    private final KeyPair rootKey;
    private final X509Certificate issuer;
    private final KeyPair issuerKey;

    private TestAuthority(
            String trustDomain,
            X509Certificate root,
            KeyPair rootKey,
            X509Certificate issuer,
            KeyPair issuerKey) {
        this.trustDomain = trustDomain;
        this.root = root;
        this.rootKey = rootKey;
        this.issuer = issuer;
        this.issuerKey = issuerKey;
    }

    /** Makes an authority with new keys. */
    public static TestAuthority create(String trustDomain) {
        KeyPair rootKey = newKey("secp256r1");
        X509Certificate root =
                Order.authority("CN=root of " + trustDomain, 1)
                        .signedBy("CN=root of " + trustDomain, rootKey, rootKey.getPublic());
        return new TestAuthority(trustDomain, root, rootKey, root, rootKey).withNewIssuer();
    }

    /** The same root with another issuer below it. */
    public TestAuthority withNewIssuer() {
        return withIssuer(Order.authority("CN=issuer " + SERIALS.get() + " of " + trustDomain, 0));
    }

    /** The same root with an issuer below it that is made to order. */
    public TestAuthority withIssuer(Order authority) {
        KeyPair key = newKey("secp256r1");
        X509Certificate certificate =
                authority.signedBy(
                        root.getSubjectX500Principal().getName(), rootKey, key.getPublic());
        return new TestAuthority(trustDomain, root, rootKey, certificate, key);
    }

    public X509Certificate root() {
        return root;
    }

    public X509Certificate issuer() {
        return issuer;
    }

    /**
     * What a workload would be given, valid for an hour.
     *
     * @param name of the workload, with that of its namespace unless it is {@code default}
     */
    public TestIdentity workload(String name) {
        return issue(order(name));
    }

    /** The usual order for a workload, to be changed at will. */
    public Order order(String name) {
        return Order.leaf(idOf(name));
    }

    public String idOf(String name) {
        int dot = name.indexOf('.');
        String service = dot < 0 ? name : name.substring(0, dot);
        String namespace = dot < 0 ? "default" : name.substring(dot + 1);
        return "spiffe://" + trustDomain + "/ns/" + namespace + "/svc/" + service;
    }

    /** Signs an order with the issuer's key. */
    public TestIdentity issue(Order order) {
        KeyPair key = order.key == null ? newKey("secp256r1") : order.key;
        X509Certificate leaf =
                order.signedBy(
                        issuer.getSubjectX500Principal().getName(), issuerKey, key.getPublic());
        return new TestIdentity(key.getPrivate(), List.of(leaf, issuer));
    }

    /**
     * Signs any public key for a workload, which only a certificate of one's own making can show.
     *
     * @param key as a certificate has it, good or not
     */
    public List<byte[]> issue(Order order, SubjectPublicKeyInfo key) {
        try {
            byte[] leaf =
                    order.encodedBy(issuer.getSubjectX500Principal().getName(), issuerKey, key);
            return List.of(leaf, issuer.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signs a public key for a workload. */
    public List<X509Certificate> issue(Order order, PublicKey key) {
        return List.of(
                order.signedBy(issuer.getSubjectX500Principal().getName(), issuerKey, key), issuer);
    }

    /** A further authority below the issuer, which the issuer must not have. */
    public TestAuthority below(Order authority) {
        KeyPair key = newKey("secp256r1");
        X509Certificate certificate =
                authority.signedBy(
                        issuer.getSubjectX500Principal().getName(), issuerKey, key.getPublic());
        return new TestAuthority(trustDomain, root, rootKey, certificate, key);
    }

    /**
     * The trust bundle, as SPIFFE writes it.
     *
     * @param distrusted fingerprints of issuers
     */
    public String bundle(long sequence, List<TestAuthority> others, List<String> distrusted) {
        return bundle(sequence, others, distrusted, List.of());
    }

    /** The bundle from which a workload was taken out. */
    public String bundleWithout(long sequence, String workload) {
        return bundle(sequence, List.of(), List.of(), List.of(idOf(workload)));
    }

    private String bundle(
            long sequence,
            List<TestAuthority> others,
            List<String> distrusted,
            List<String> removed) {
        String keys =
                Stream.concat(Stream.of(this), others.stream())
                        .map(each -> jwk(each.root))
                        .collect(Collectors.joining(","));
        return "{\"spiffe_sequence\":%d,\"spiffe_refresh_hint\":5,\"keys\":[%s],\"weft_distrusted\":[%s],\"weft_removed\":[%s]}"
                .formatted(sequence, keys, quoted(distrusted), quoted(removed));
    }

    private static String quoted(List<String> texts) {
        return texts.stream().map(it -> '"' + it + '"').collect(Collectors.joining(","));
    }

    public String bundle() {
        return bundle(1, List.of(), List.of());
    }

    private static String jwk(X509Certificate certificate) {
        try {
            var point = ((ECPublicKey) certificate.getPublicKey()).getW();
            return "{\"use\":\"x509-svid\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\",\"x5c\":[\"%s\"]}"
                    .formatted(
                            coordinate(point.getAffineX()),
                            coordinate(point.getAffineY()),
                            Base64.getEncoder().encodeToString(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String coordinate(BigInteger value) {
        String hex = value.toString(16);
        byte[] bytes = HexFormat.of().parseHex("0".repeat(64 - hex.length()) + hex);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A new key on a curve. */
    public static KeyPair newKey(String curve) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new RSA key. */
    public static KeyPair newRsaKey(int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An RSA key of any size, which fits no other key and is quickly made. */
    public static KeyPair rsaKey(int bits, long exponent) {
        try {
            var modulus = BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE);
            PublicKey key =
                    KeyFactory.getInstance("RSA")
                            .generatePublic(
                                    new RSAPublicKeySpec(modulus, BigInteger.valueOf(exponent)));
            return new KeyPair(key, newKey("secp256r1").getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new Ed25519 key. */
    public static KeyPair newEdwardsKey() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a certificate is to say. */
    public static final class Order {

        private String subject;
        private BasicConstraints constraints = new BasicConstraints(false);
        private int usage = KeyUsage.digitalSignature;
        private KeyPurposeId[] purposes = {
            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
        };
        private List<GeneralName> names = List.of();
        private Instant from = Instant.now().minusSeconds(60);
        private Instant to = Instant.now().plus(Duration.ofHours(1));
        private String algorithm = "SHA256withECDSA";
        private final List<Extension> extensions = new ArrayList<>();
        private @Nullable KeyPair key;

        private Order(String subject) {
            this.subject = subject;
        }

        static Order leaf(String id) {
            return new Order("O=weft,CN=workload").uris(id);
        }

        /** An authority with room for so many below it. */
        public static Order authority(String subject, int pathLength) {
            var order = new Order(subject);
            order.constraints = new BasicConstraints(pathLength);
            order.usage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
            order.purposes = new KeyPurposeId[0];
            order.to = Instant.now().plus(Duration.ofDays(365));
            return order;
        }

        /** Names whom it is about, where nobody should look for it. */
        public Order subject(String name) {
            subject = name;
            return this;
        }

        public Order uris(String... uris) {
            names =
                    Arrays.stream(uris)
                            .map(it -> new GeneralName(GeneralName.uniformResourceIdentifier, it))
                            .toList();
            return this;
        }

        public Order dns(String name) {
            names =
                    Stream.concat(
                                    names.stream(),
                                    Stream.of(new GeneralName(GeneralName.dNSName, name)))
                            .toList();
            return this;
        }

        public Order valid(Instant from, Instant to) {
            this.from = from;
            this.to = to;
            return this;
        }

        public Order asAuthority() {
            constraints = new BasicConstraints(0);
            return this;
        }

        public Order usage(int bits) {
            usage = bits;
            return this;
        }

        public Order purposes(KeyPurposeId... ids) {
            purposes = ids.clone();
            return this;
        }

        public Order algorithm(String name) {
            algorithm = name;
            return this;
        }

        public Order key(KeyPair pair) {
            key = pair;
            return this;
        }

        /** With an extension of any kind and content. */
        public Order extension(ASN1ObjectIdentifier id, boolean critical, byte[] content) {
            extensions.add(new Extension(id, critical, content));
            return this;
        }

        /** An authority for workloads of one trust domain alone (RFC 5280 §4.2.1.10). */
        public Order permitting(String domain) {
            var permitted =
                    new GeneralSubtree(
                            new GeneralName(GeneralName.uniformResourceIdentifier, domain));
            try {
                return extension(
                        Extension.nameConstraints,
                        true,
                        new NameConstraints(new GeneralSubtree[] {permitted}, null).getEncoded());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Signs it in whosever name. */
        public X509Certificate signedBy(String issuer, KeyPair signer, PublicKey subjectKey) {
            byte[] encoded =
                    encodedBy(
                            issuer,
                            signer,
                            SubjectPublicKeyInfo.getInstance(subjectKey.getEncoded()));
            try {
                return (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(encoded));
            } catch (CertificateException e) {
                throw new IllegalStateException(e);
            }
        }

        private byte[] encodedBy(String issuer, KeyPair signer, SubjectPublicKeyInfo subjectKey) {
            try {
                var builder =
                        new X509v3CertificateBuilder(
                                new X500Name(issuer),
                                BigInteger.valueOf(SERIALS.incrementAndGet()),
                                Date.from(from),
                                Date.from(to),
                                new X500Name(subject),
                                subjectKey);
                builder.addExtension(Extension.basicConstraints, true, constraints);
                builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
                if (purposes.length > 0) {
                    builder.addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
                }
                if (!names.isEmpty()) {
                    builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.toArray(GeneralName[]::new)));
                }
                for (Extension each : extensions) {
                    builder.addExtension(each);
                }
                return builder.build(
                                new JcaContentSignerBuilder(algorithm).build(signer.getPrivate()))
                        .getEncoded();
            } catch (OperatorCreationException | IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
