// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import io.weft.policy.identity.SpiffeId;
import java.net.InetAddress;

/** What a caller shows to be believed. Never shows itself. */
public sealed interface Attestation {

    /** In the log and in metrics. */
    String kind();

    /** A secret of a workload that works until it is revoked. */
    record EnrolmentSecret(String secret) implements Attestation {
        @Override
        public String kind() {
            return "enrolment-secret";
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    /** A secret that works once. */
    record JoinToken(String token) implements Attestation {
        @Override
        public String kind() {
            return "join-token";
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    /** What Kubernetes gave a pod, and where it came from. */
    record ServiceAccountToken(String token, InetAddress from) implements Attestation {
        @Override
        public String kind() {
            return "service-account-token";
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    /** The certificate of the connection, verified for this request. */
    record CurrentCertificate(SpiffeId id) implements Attestation {
        @Override
        public String kind() {
            return "certificate";
        }
    }
}
