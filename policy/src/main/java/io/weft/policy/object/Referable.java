// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.object;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.object.PolicyObject.Reference;
import io.weft.policy.route.Destination;
import io.weft.policy.service.Service;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What references can name: a view, which changes with what it was made of. */
public record Referable(Map<ServiceName, Service> services, Set<String> tokens) {

    public boolean has(Reference reference) {
        return switch (reference) {
            case Reference.ToDestination(Destination(ServiceName name, String version)) ->
                    has(services.get(name), version);
            case Reference.ToWorkload(ServiceName workload) ->
                    workload.equals(ServiceName.GATEWAY) || services.containsKey(workload);
            case Reference.ToToken(String token) -> tokens.contains(token);
        };
    }

    private static boolean has(@Nullable Service service, @Nullable String version) {
        return service != null && (version == null || service.versions().containsKey(version));
    }
}
