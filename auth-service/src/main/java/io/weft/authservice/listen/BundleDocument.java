// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.listen;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.weft.authservice.ca.TrustBundle;
import io.weft.authservice.ca.X509;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.SortedSet;

/**
 * The trust bundle as it goes over the wire (SPIFFE Trust Domain and Bundle §4), with the
 * fingerprints of distrusted issuing certificates and the removed workloads beside it.
 */
record BundleDocument(
        @JsonProperty("spiffe_sequence") long sequence,
        @JsonProperty("spiffe_refresh_hint") int refreshHint,
        List<Key> keys,
        @JsonProperty("weft_distrusted") SortedSet<String> distrusted,
        @JsonProperty("weft_removed") SortedSet<String> removed) {

    /** Seconds: a change has to be everywhere within the overlap, distrust within five. */
    private static final int REFRESH_HINT = 5;

    record Key(String use, String kty, String crv, String x, String y, List<String> x5c) {}

    static BundleDocument of(TrustBundle bundle) {
        return new BundleDocument(
                bundle.sequence(),
                REFRESH_HINT,
                bundle.roots().stream().map(BundleDocument::key).toList(),
                bundle.distrusted(),
                bundle.removed());
    }

    private static Key key(X509Certificate root) {
        if (!(root.getPublicKey() instanceof ECPublicKey key)) {
            throw new IllegalArgumentException(
                    "root: " + root.getPublicKey().getAlgorithm() + " (expected: EC)");
        }
        int bits = key.getParams().getCurve().getField().getFieldSize();
        return new Key(
                "x509-svid",
                "EC",
                "P-" + bits,
                coordinate(key.getW().getAffineX(), bits),
                coordinate(key.getW().getAffineY(), bits),
                List.of(Base64.getEncoder().encodeToString(X509.der(root))));
    }

    /** As many bytes as the curve's field (RFC 7518 §6.2.1.2). */
    private static String coordinate(BigInteger value, int bits) {
        byte[] all = new byte[(bits + 7) / 8];
        byte[] bytes = value.toByteArray();
        int length = Math.min(bytes.length, all.length);
        System.arraycopy(bytes, bytes.length - length, all, all.length - length, length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }
}
