// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;

class SigningRequestTest {

    @Test
    void isSignedWithTheKeyItNamesAndSaysNothingElse() throws Exception {
        SigningRequest request = SigningRequest.create();

        var read = new PKCS10CertificationRequest(request.der());
        assertThat(read.toASN1Structure().getEncoded("DER")).isEqualTo(request.der());
        var key = new JcaPEMKeyConverter().getPublicKey(read.getSubjectPublicKeyInfo());
        assertThat(read.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key)))
                .isTrue();
        assertThat(read.getAttributes()).isEmpty();
        assertThat(read.getSubject()).hasToString("O=weft");
    }
}
