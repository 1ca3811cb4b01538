// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.access;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A key that signs tokens by the JDK alone, so that what verifies them is not judged by its own
 * library.
 *
 * @param algorithm {@code ES256} or {@code RS256}
 */
public record SigningKey(String id, String algorithm, KeyPair pair) {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    public static SigningKey es256(String id) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new SigningKey(id, "ES256", generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    public static SigningKey rs256(String id, int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return new SigningKey(id, "RS256", generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    /** Its public half (RFC 7517). */
    public String jwk() {
        String members =
                switch (pair.getPublic()) {
                    case ECPublicKey key ->
                            "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\""
                                    .formatted(
                                            number(key.getW().getAffineX(), 32),
                                            number(key.getW().getAffineY(), 32));
                    case RSAPublicKey key ->
                            "\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\""
                                    .formatted(
                                            number(
                                                    key.getModulus(),
                                                    (key.getModulus().bitLength() + 7) / 8),
                                            number(key.getPublicExponent(), 3));
                    default -> throw new IllegalStateException(algorithm);
                };
        return "{\"kid\":\"%s\",\"use\":\"sig\",\"alg\":\"%s\",%s}"
                .formatted(id, algorithm, members);
    }

    /** A certificate for it that vouches for itself, in base64. */
    public String certificate() {
        try {
            var name = new X500Name("CN=" + id);
            var from = Instant.now().minusSeconds(60);
            var certificate =
                    new JcaX509v3CertificateBuilder(
                                    name,
                                    BigInteger.ONE,
                                    Date.from(from),
                                    Date.from(from.plusSeconds(3_600)),
                                    name,
                                    pair.getPublic())
                            .build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(pair.getPrivate()));
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a fresh key signs", e);
        }
    }

    private static String number(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[length];
        int kept = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - kept, fixed, length - kept, kept);
        return BASE64.encodeToString(fixed);
    }

    /** A token with this key's algorithm and id in its header. */
    public String sign(String claims) {
        return sign(
                "{\"alg\":\"%s\",\"kid\":\"%s\",\"typ\":\"at+jwt\"}".formatted(algorithm, id),
                claims);
    }

    /** A token with any header and payload, and a true signature of them. */
    public String sign(String header, String claims) {
        String signed = part(header) + "." + part(claims);
        return signed + "." + BASE64.encodeToString(signature(signed));
    }

    /** The signature of the first two parts of a token, in the form of RFC 7518 §3. */
    public byte[] signature(String signed) {
        try {
            var signature =
                    Signature.getInstance(
                            algorithm.equals("ES256")
                                    ? "SHA256withECDSAinP1363Format"
                                    : "SHA256withRSA");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a fresh key signs", e);
        }
    }

    /** A part of a token, as it travels. */
    public static String part(String json) {
        return part(json.getBytes(StandardCharsets.UTF_8));
    }

    public static String part(byte[] bytes) {
        return BASE64.encodeToString(bytes);
    }
}
