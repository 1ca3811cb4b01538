// SPDX-License-Identifier: Apache-2.0
package io.weft.configserver;

import io.weft.dataplane.identity.IdentitySettings;
import io.weft.dataplane.settings.Ranges;
import io.weft.policy.identity.ServiceName;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the config server proves who it is, until it has a certificate, and where it gets one. At
 * most one of the three ways; without any, an identity must have been kept in the state directory.
 *
 * @param authService address of enrolment and trust bundle, as https://host:port
 * @param trustRoot PEM file with the roots of trust, for the first contact
 * @param enrolmentSecretFile file with the config server's enrolment secret
 * @param joinToken token that is good for one enrolment
 * @param serviceAccountTokenFile file with a Kubernetes service account's token
 */
public record IdentityProperties(
        @DefaultValue("https://127.0.0.1:9443") URI authService,
        @Nullable Path trustRoot,
        @Nullable Path enrolmentSecretFile,
        @Nullable String joinToken,
        @Nullable Path serviceAccountTokenFile) {

    private static final ServiceName WORKLOAD = ServiceName.parse("config-server");

    public IdentityProperties {
        Ranges.secureAddress("auth-service", authService);
    }

    IdentitySettings in(Path stateDir) {
        return IdentitySettings.of(
                WORKLOAD,
                authService,
                trustRoot,
                enrolmentSecretFile,
                joinToken,
                serviceAccountTokenFile,
                stateDir.resolve("identity"));
    }
}
