// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import io.weft.policy.identity.ServiceName;
import java.util.List;

/**
 * The requests a rule is about: to one of these services, with one of these methods, on one of
 * these paths.
 *
 * @param services at least one
 * @param methods empty for any
 * @param paths empty for any
 */
public record Targets(List<ServiceName> services, List<String> methods, List<PathPattern> paths) {

    public Targets {
        services = List.copyOf(services);
        methods = List.copyOf(methods);
        paths = List.copyOf(paths);
        if (services.isEmpty()) {
            throw new IllegalArgumentException("services: empty (expected: at least one)");
        }
    }
}
