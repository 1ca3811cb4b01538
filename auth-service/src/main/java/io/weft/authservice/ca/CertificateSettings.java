// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.ca;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long certificates hold, and who issues them.
 *
 * @param leafLife how long a workload's certificate holds, 1m to 24h; never beyond the issuing
 *     certificate
 * @param issuerLife how long an issuing certificate holds, 1h to 3650d; renewed after half of it
 * @param rootLife how long a root holds, 1d to 36500d; replaced after four fifths of it
 * @param overlap how long a new root is published before anything is signed under it, 5s to 30d; it
 *     must reach every proxy in that time
 * @param issuer an issuing certificate made elsewhere, in place of a root of our own
 */
public record CertificateSettings(
        @DefaultValue("1h") Duration leafLife,
        @DefaultValue("90d") Duration issuerLife,
        @DefaultValue("3650d") Duration rootLife,
        @DefaultValue("10m") Duration overlap,
        @NestedConfigurationProperty @Nullable ForeignIssuer issuer) {

    public CertificateSettings {
        requireWithin("leaf-life", leafLife, Duration.ofMinutes(1), Duration.ofHours(24));
        requireWithin("issuer-life", issuerLife, Duration.ofHours(1), Duration.ofDays(3_650));
        requireWithin("root-life", rootLife, Duration.ofDays(1), Duration.ofDays(36_500));
        requireWithin("overlap", overlap, Duration.ofSeconds(5), Duration.ofDays(30));
        if (issuerLife.compareTo(rootLife) > 0) {
            throw new IllegalArgumentException(
                    "issuer-life: "
                            + issuerLife
                            + " (expected: at most root-life, "
                            + rootLife
                            + ")");
        }
    }

    private static void requireWithin(String name, Duration value, Duration low, Duration high) {
        if (value.compareTo(low) < 0 || value.compareTo(high) > 0) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + low + " to " + high + ")");
        }
    }

    /**
     * An issuing certificate made elsewhere. The files are read again when they change.
     *
     * @param certificate PEM file of the issuing certificate, then of those between it and the
     *     root, if any
     * @param key PEM file of its private key, PKCS#8, unencrypted
     * @param root PEM file of all roots to trust
     */
    public record ForeignIssuer(Path certificate, Path key, Path root) {}
}
