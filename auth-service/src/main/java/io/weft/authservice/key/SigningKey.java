// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.key;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.time.Instant;

/**
 * A key that signs tokens with ES256.
 *
 * @param generation counted from 1; the next one takes over from this
 * @param key with its private part
 * @param signsFrom when it takes over
 */
record SigningKey(int generation, ECKey key, Instant signsFrom) {

    static SigningKey generate(int generation, Instant signsFrom) {
        try {
            ECKey key =
                    new ECKeyGenerator(Curve.P_256)
                            .algorithm(JWSAlgorithm.ES256)
                            .keyUse(KeyUse.SIGNATURE)
                            .keyIDFromThumbprint(true)
                            .generate();
            return new SigningKey(generation, key, signsFrom);
        } catch (JOSEException e) {
            throw new IllegalStateException("no P-256 key can be made", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + generation + ", " + key.getKeyID() + ", from " + signsFrom + "]";
    }
}
