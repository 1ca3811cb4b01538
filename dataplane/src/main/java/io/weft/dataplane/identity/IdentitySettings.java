// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import io.weft.policy.identity.ServiceName;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Where an identity comes from.
 *
 * @param workload whose identity it is
 * @param authService address of enrolment and trust bundle, as https://host:port
 * @param trustRoot PEM file with the roots that are believed at first contact; later the trust
 *     bundle says which they are. Null when an identity has been kept already
 * @param directory where key, certificates and trust bundle are kept
 */
public record IdentitySettings(
        ServiceName workload,
        URI authService,
        @Nullable Path trustRoot,
        Attestation attestation,
        Path directory) {

    /** Where the auth service publishes the keys of its tokens. */
    public URI tokenKeys() {
        return authService.resolve("/oauth2/jwks");
    }

    /**
     * Reads what a host's settings say.
     *
     * @param enrolmentSecretFile for {@link Attestation.EnrolmentSecret}
     * @param joinToken for {@link Attestation.JoinToken}
     * @param serviceAccountTokenFile for {@link Attestation.ServiceAccountToken}
     * @throws IllegalArgumentException when more than one way to enrol is given
     */
    public static IdentitySettings of(
            ServiceName workload,
            URI authService,
            @Nullable Path trustRoot,
            @Nullable Path enrolmentSecretFile,
            @Nullable String joinToken,
            @Nullable Path serviceAccountTokenFile,
            Path directory) {
        var ways = new ArrayList<Attestation>();
        if (enrolmentSecretFile != null) {
            ways.add(new Attestation.EnrolmentSecret(enrolmentSecretFile));
        }
        if (joinToken != null) {
            ways.add(new Attestation.JoinToken(joinToken));
        }
        if (serviceAccountTokenFile != null) {
            ways.add(new Attestation.ServiceAccountToken(serviceAccountTokenFile));
        }
        if (ways.size() > 1) {
            throw new IllegalArgumentException(
                    "more than one way to enrol (expected: one of enrolment-secret-file, join-token"
                            + " and service-account-token-file)");
        }
        return new IdentitySettings(
                workload,
                authService,
                trustRoot,
                ways.isEmpty() ? new Attestation.None() : ways.getFirst(),
                directory);
    }
}
