// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import java.nio.file.Path;

/** With what a workload that has no certificate yet proves who it is. */
public sealed interface Attestation {

    /**
     * A secret of the workload, good until it is revoked.
     *
     * @param file holds the secret; read whenever it is needed
     */
    record EnrolmentSecret(Path file) implements Attestation {}

    /** A token that is good for one enrolment. */
    record JoinToken(String token) implements Attestation {
        @Override
        public String toString() {
            return "JoinToken[hidden]";
        }
    }

    /**
     * A Kubernetes service account's token.
     *
     * @param file where Kubernetes projects it, renewed by Kubernetes
     */
    record ServiceAccountToken(Path file) implements Attestation {}

    /** Nothing: only an identity that was kept can be used and renewed. */
    record None() implements Attestation {}
}
