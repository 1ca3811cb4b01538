// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A root of the bundle.
 *
 * @param key null when it is kept elsewhere
 * @param due when its next stage begins; null when nothing is to come
 */
record Root(
        X509Certificate certificate, @Nullable PrivateKey key, Stage stage, @Nullable Instant due) {

    /**
     * A root is published before it signs, and trusted for as long as something it signed holds.
     */
    enum Stage {
        PUBLISHED,
        SIGNING,
        RETIRING
    }

    Root in(Stage next, @Nullable Instant nextDue) {
        return new Root(certificate, key, next, nextDue);
    }

    boolean isDue(Instant now) {
        return due != null && !now.isBefore(due);
    }

    CertifiedKey signer() {
        if (key == null) {
            throw new AuthorityException(
                    "the key of the root is kept elsewhere; replace the files of"
                            + " weft.auth.certificates.issuer");
        }
        return new CertifiedKey(key, List.of(certificate));
    }
}
