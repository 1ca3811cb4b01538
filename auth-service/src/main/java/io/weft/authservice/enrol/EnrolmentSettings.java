// SPDX-License-Identifier: Apache-2.0
package io.weft.authservice.enrol;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may enrol.
 *
 * @param secretsFile file of mode 0600 with lines {@code workload=secret}, read again when it
 *     changes; several lines for one workload are allowed
 * @param limit certificates for one workload in an hour, 1 to 1000000, and as many at once
 * @param kubernetes the cluster whose service accounts may enrol
 */
public record EnrolmentSettings(
        @Nullable Path secretsFile,
        @DefaultValue("1200") int limit,
        @NestedConfigurationProperty @Nullable Kubernetes kubernetes) {

    public EnrolmentSettings {
        if (limit < 1 || limit > 1_000_000) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1-1000000)");
        }
    }

    /**
     * A cluster. Its service account {@code name} in a namespace is the workload {@code name} of
     * that namespace.
     *
     * @param apiServer address of the API server, as https://host:port
     * @param caFile PEM file of the roots of its certificate
     * @param tokenFile file of the token that may create TokenReviews, read for each
     * @param audience what the tokens of workloads must be meant for
     */
    public record Kubernetes(
            URI apiServer,
            @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt") Path caFile,
            @DefaultValue("/var/run/secrets/kubernetes.io/serviceaccount/token") Path tokenFile,
            @DefaultValue("weft") String audience) {

        public Kubernetes {
            if (!"https".equals(apiServer.getScheme()) || apiServer.getHost() == null) {
                throw new IllegalArgumentException(
                        "api-server: " + apiServer + " (expected: https://host:port)");
            }
        }
    }
}
