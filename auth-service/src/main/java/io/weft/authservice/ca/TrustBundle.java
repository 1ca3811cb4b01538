// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Whom the mesh believes: the roots, less the issuing certificates that are distrusted and the
 * workloads that were removed.
 *
 * @param sequence rises with every change, also across restarts
 * @param roots at least one
 * @param distrusted fingerprints ({@link X509#fingerprint}) of issuing certificates
 * @param removed SPIFFE IDs of workloads whose certificates prove nothing any more
 */
public record TrustBundle(
        long sequence,
        List<X509Certificate> roots,
        SortedSet<String> distrusted,
        SortedSet<String> removed) {

    public TrustBundle {
        roots = List.copyOf(roots);
        distrusted = new TreeSet<>(distrusted);
        removed = new TreeSet<>(removed);
        if (roots.isEmpty()) {
            throw new IllegalArgumentException("roots: none (expected: at least one)");
        }
    }

    /** All roots in PEM. */
    String pem() {
        StringBuilder all = new StringBuilder();
        roots.forEach(root -> all.append(X509.pem(root)));
        return all.toString();
    }
}
