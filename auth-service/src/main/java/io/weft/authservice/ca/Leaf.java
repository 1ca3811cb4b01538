// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import io.weft.policy.identity.SpiffeId;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A certificate that was signed for a workload.
 *
 * @param signedAt by the authority's clock; {@code notBefore} is a minute earlier
 * @param der the certificate itself
 * @param issuers what leads from it to a root, without the root
 */
public record Leaf(
        SpiffeId id,
        BigInteger serial,
        Instant signedAt,
        Instant notAfter,
        byte[] der,
        List<X509Certificate> issuers) {

    public Leaf {
        issuers = List.copyOf(issuers);
    }
}
