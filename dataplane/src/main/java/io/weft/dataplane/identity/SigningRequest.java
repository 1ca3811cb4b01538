// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;

/**
 * A new key, and the request to have it certified (PKCS#10). It says nothing but the key: who one
 * is, the authority has to find out by itself.
 *
 * <p>The JDK brings every part of a request but the frame around them. A library for that frame
 * would have every proxy verify its signed jars at each start, which took longer than all else.
 *
 * @param der the request
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2986#section-4">RFC 2986, section 4</a>
 */
record SigningRequest(PrivateKey key, byte[] der) {

    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;

    private static final byte[] VERSION_1 = HexFormat.of().parseHex("020100");
    private static final byte[] NO_ATTRIBUTES = HexFormat.of().parseHex("a000");

    /** An {@code AlgorithmIdentifier}: ecdsa-with-SHA256, 1.2.840.10045.4.3.2. */
    private static final byte[] ECDSA_WITH_SHA256 =
            HexFormat.of().parseHex("300a06082a8648ce3d040302");

    /** Makes a key on the curve P-256. */
    static SigningRequest create() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] information =
                element(
                        SEQUENCE,
                        VERSION_1,
                        new X500Principal("O=weft").getEncoded(),
                        pair.getPublic().getEncoded(),
                        NO_ATTRIBUTES);
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(information);
        byte[] noUnusedBits = {0};
        byte[] signed = element(BIT_STRING, noUnusedBits, signature.sign());
        return new SigningRequest(
                pair.getPrivate(), element(SEQUENCE, information, ECDSA_WITH_SHA256, signed));
    }

    /** An element of DER, less than 64 KiB long. */
    private static byte[] element(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        var element = new ByteArrayOutputStream();
        element.write(tag);
        if (length < 0x80) {
            element.write(length);
        } else if (length < 0x100) {
            element.write(0x81);
            element.write(length);
        } else {
            element.write(0x82);
            element.write(length >> 8);
            element.write(length);
        }
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }
}
