// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.route.HeaderMatch;
import java.util.List;

/**
 * The requests a rule is about: to one of these services, with one of these methods, on one of
 * these paths, with all of these headers.
 *
 * @param services at least one
 * @param methods empty for any
 * @param paths empty for any
 * @param headers empty for any
 */
public record Targets(
        List<ServiceName> services,
        List<String> methods,
        List<PathPattern> paths,
        List<HeaderMatch> headers) {

    public Targets {
        services = List.copyOf(services);
        methods = List.copyOf(methods);
        paths = List.copyOf(paths);
        headers = List.copyOf(headers);
        if (services.isEmpty()) {
            throw new IllegalArgumentException("services: empty (expected: at least one)");
        }
    }

    /** Every request to these services. */
    public static Targets everythingOf(List<ServiceName> services) {
        return new Targets(services, List.of(), List.of(), List.of());
    }
}
