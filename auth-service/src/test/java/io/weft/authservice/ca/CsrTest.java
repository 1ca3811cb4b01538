// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.weft.authservice.fixture.TestCsrs;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.RSAKeyGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.BERSequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Sections C-01, C-03 and T-07 of the hostile inputs. */
class CsrTest {

    private static final Duration BOUND = Duration.ofSeconds(5);

    @Test
    void takesKeysOnBothCurves() throws Exception {
        for (String curve : new String[] {"secp256r1", "secp384r1"}) {
            KeyPair key = TestCsrs.key(curve);
            for (String hash : new String[] {"SHA256", "SHA384", "SHA512"}) {
                byte[] csr = TestCsrs.of(key, hash + "withECDSA");
                assertThat(Csr.read(csr).key()).isEqualTo(key.getPublic().getEncoded());
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatIsNoRequest() throws Exception {
        return hostile().entrySet().stream()
                .map(
                        each ->
                                DynamicTest.dynamicTest(
                                        each.getKey(), () -> refuses(each.getValue())));
    }

    private static void refuses(byte[] csr) {
        assertTimeoutPreemptively(
                BOUND,
                () -> assertThatThrownBy(() -> Csr.read(csr)).isInstanceOf(BadCsrException.class));
    }

    private static Map<String, byte[]> hostile() throws Exception {
        KeyPair key = TestCsrs.key();
        byte[] good = TestCsrs.of(key);
        var all = new TreeMap<String, byte[]>();
        all.put("nothing", new byte[0]);
        all.put("zeros", new byte[100]);
        all.put("trailing byte", Arrays.copyOf(good, good.length + 1));
        all.put("cut off", Arrays.copyOf(good, good.length - 1));
        all.put("10 MB", Arrays.copyOf(good, 10_000_000));
        all.put("just too long", Arrays.copyOf(good, Csr.MAX_BYTES + 1));
        all.put("indefinite length", indefinite(good));
        all.put("nested sequences", nested(0x30));
        all.put("nested sets", nested(0x31));
        all.put("nested tags", nested(0xa0));
        all.put("length beyond its end", new byte[] {0x30, (byte) 0x82, 0x7f, 0x7f, 0});
        all.put("length of four bytes", new byte[] {0x30, (byte) 0x84, 0, 0, 0, 1, 0});
        all.put("long form of a short length", longForm(good));
        all.put("high tag number", new byte[] {0x3f, (byte) 0xff, 0x7f, 1, 0});
        all.put("attribute twice", attributeTwice(key));
        all.put("signature changed", changed(good, good.length - 3));
        all.put("signature by another key", signedBy(TestCsrs.key(), key));
        all.put("signature empty", signature(good, new byte[0]));
        all.put("signature r = s = 0", signature(good, new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0}));
        all.put("key not on its curve", keyBytes(good, 64));
        all.put("key at infinity", key(good, new byte[] {0}));
        all.put("key empty", key(good, new byte[0]));
        all.put("key cut off", key(good, Arrays.copyOf(point(good), 60)));
        all.put("RSA-1024", rsa(1024, RSAKeyGenParameterSpec.F4));
        all.put("RSA-2048 with exponent 3", rsa(2048, RSAKeyGenParameterSpec.F0));
        all.put("RSA-16384 with exponent 1", hugeRsa(key));
        all.put("P-192", otherCurve(good, "1.2.840.10045.3.1.1"));
        all.put("P-521", TestCsrs.of(TestCsrs.key("secp521r1")));
        all.put("secp256k1", otherCurve(good, "1.3.132.0.10"));
        all.put("Ed25519", ed25519());
        all.put("SHA-1", TestCsrs.of(key, "SHA1withECDSA"));
        return all;
    }

    @Test
    void noBitMayBeAnother() throws Exception {
        byte[] good = TestCsrs.of(TestCsrs.key());
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] changed = good.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            refuses(changed);
        }
    }

    @Test
    void noiseIsRefused() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            if (noise.length > 2) {
                noise[0] = 0x30;
                noise[1] = (byte) (noise.length - 2);
            }
            refuses(noise);
        }
    }

    private static byte[] nested(int tag) {
        byte[] all = new byte[Csr.MAX_BYTES];
        ByteBuffer to = ByteBuffer.wrap(all);
        for (int rest = all.length - 4; rest >= 0; rest -= 4) {
            to.put((byte) tag).put((byte) 0x82).putShort((short) rest);
        }
        return all;
    }

    private static byte[] indefinite(byte[] good) throws Exception {
        ASN1Sequence all = ASN1Sequence.getInstance(good);
        return new BERSequence(all.toArray()).getEncoded(ASN1Encoding.BER);
    }

    private static byte[] longForm(byte[] good) {
        byte[] all = new byte[good.length + 1];
        // 30 81 LL or 30 82 HH LL becomes one with a zero before it.
        int count = good[1] & 0x7f;
        all[0] = good[0];
        all[1] = (byte) (0x80 | count + 1);
        System.arraycopy(good, 2, all, 3, good.length - 2);
        return all;
    }

    private static byte[] attributeTwice(KeyPair key) throws Exception {
        var challenge = PKCSObjectIdentifiers.pkcs_9_at_challengePassword;
        return new JcaPKCS10CertificationRequestBuilder(new X500Name(""), key.getPublic())
                .addAttribute(challenge, new DERUTF8String("a"))
                .addAttribute(challenge, new DERUTF8String("b"))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate()))
                .getEncoded();
    }

    private static byte[] signedBy(KeyPair signer, KeyPair key) throws Exception {
        return new JcaPKCS10CertificationRequestBuilder(new X500Name(""), key.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
                .getEncoded();
    }

    private static byte[] changed(byte[] good, int at) {
        byte[] all = good.clone();
        all[at] ^= 1;
        return all;
    }

    private static byte[] signature(byte[] good, byte[] signature) throws Exception {
        ASN1Encodable[] parts = ASN1Sequence.getInstance(good).toArray();
        parts[2] = new DERBitString(signature);
        return new DERSequence(parts).getEncoded();
    }

    private static byte[] point(byte[] good) {
        ASN1Sequence info = ASN1Sequence.getInstance(ASN1Sequence.getInstance(good).getObjectAt(0));
        return SubjectPublicKeyInfo.getInstance(info.getObjectAt(2)).getPublicKeyData().getBytes();
    }

    private static byte[] keyBytes(byte[] good, int at) throws Exception {
        return key(good, changed(point(good), at));
    }

    private static byte[] key(byte[] good, byte[] point) throws Exception {
        ASN1Sequence info = ASN1Sequence.getInstance(ASN1Sequence.getInstance(good).getObjectAt(0));
        var key = SubjectPublicKeyInfo.getInstance(info.getObjectAt(2));
        return replaced(good, new SubjectPublicKeyInfo(key.getAlgorithm(), point));
    }

    private static byte[] otherCurve(byte[] good, String curve) throws Exception {
        var algorithm =
                new AlgorithmIdentifier(
                        X9ObjectIdentifiers.id_ecPublicKey, new ASN1ObjectIdentifier(curve));
        return replaced(good, new SubjectPublicKeyInfo(algorithm, point(good)));
    }

    private static byte[] replaced(byte[] good, SubjectPublicKeyInfo key) throws Exception {
        ASN1Encodable[] parts = ASN1Sequence.getInstance(good).toArray();
        ASN1Encodable[] info = ASN1Sequence.getInstance(parts[0]).toArray();
        info[2] = key;
        parts[0] = new DERSequence(info);
        return new DERSequence(parts).getEncoded();
    }

    private static byte[] rsa(int bits, BigInteger exponent) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(new RSAKeyGenParameterSpec(bits, exponent));
        KeyPair key = generator.generateKeyPair();
        return new JcaPKCS10CertificationRequestBuilder(new X500Name(""), key.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(key.getPrivate()))
                .getEncoded();
    }

    private static byte[] hugeRsa(KeyPair signer) throws Exception {
        var key =
                new RSAPublicKey(
                        BigInteger.ONE.shiftLeft(16_383).add(BigInteger.ONE), BigInteger.ONE);
        var info =
                new SubjectPublicKeyInfo(
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption), key);
        return new PKCS10CertificationRequestBuilder(new X500Name(""), info)
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
                .getEncoded();
    }

    private static byte[] ed25519() throws Exception {
        KeyPair key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        return new JcaPKCS10CertificationRequestBuilder(new X500Name(""), key.getPublic())
                .build(new JcaContentSignerBuilder("Ed25519").build(key.getPrivate()))
                .getEncoded();
    }
}
