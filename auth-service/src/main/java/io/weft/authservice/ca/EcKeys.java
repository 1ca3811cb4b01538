// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Elliptic-curve keys and signatures by the native provider where it loads, because the JDK signs
 * seven to twelve times slower; else by the JDK.
 */
public final class EcKeys {

    private static final Logger log = LoggerFactory.getLogger(EcKeys.class);

    private static final Provider PROVIDER = provider();

    private EcKeys() {}

    private static Provider provider() {
        try {
            AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
            return AmazonCorrettoCryptoProvider.INSTANCE;
        } catch (Throwable e) { // also a library that is for another machine
            log.info("Signing with the JDK: the native provider does not load ({})", e.toString());
            return Security.getProvider("SunEC");
        }
    }

    /** Who signs. */
    public static String providerName() {
        return PROVIDER.getName();
    }

    /** A new key on P-256. */
    public static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", PROVIDER);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static PrivateKey privateKey(byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC", PROVIDER)
                .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    static PublicKey publicKey(byte[] spki) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC", PROVIDER).generatePublic(new X509EncodedKeySpec(spki));
    }

    /** ECDSA with SHA-256, in DER. */
    static byte[] sign(PrivateKey key, byte[] content) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA", PROVIDER);
            signature.initSign(key);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether that is the key's signature; a malformed one is not. */
    static boolean verifies(String algorithm, PublicKey key, byte[] content, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(algorithm, PROVIDER);
            signature.initVerify(key);
            signature.update(content);
            return signature.verify(signed);
        } catch (InvalidKeyException | SignatureException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
