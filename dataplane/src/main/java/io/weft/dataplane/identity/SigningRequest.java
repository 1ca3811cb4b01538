// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A new key, and the request to have it certified (PKCS#10). It says nothing but the key: who one
 * is, the authority has to find out by itself.
 *
 * @param der the request
 */
record SigningRequest(PrivateKey key, byte[] der) {

    /** Makes a key on the curve P-256. */
    static SigningRequest create() throws GeneralSecurityException, IOException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
            var request =
                    new JcaPKCS10CertificationRequestBuilder(
                                    new X500Name("O=weft"), pair.getPublic())
                            .build(signer);
            return new SigningRequest(pair.getPrivate(), request.getEncoded());
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
