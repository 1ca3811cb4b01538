// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.match;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Caller;
import io.weft.policy.request.Sources;
import java.util.HashSet;
import java.util.Set;

/**
 * Whose requests the rules of a service's host are about, whatever else they ask for. All others
 * are left to the route that the service has by itself.
 */
final class Audience {

    private final Set<ServiceName> workloads = new HashSet<>();
    private final Set<String> namespaces = new HashSet<>();
    private boolean everybody;

    void add(Sources from) {
        if (from.workloads().isEmpty()) {
            namespaces.addAll(from.namespaces());
            everybody |= from.namespaces().isEmpty();
            return;
        }
        from.workloads().stream()
                .filter(
                        each ->
                                from.namespaces().isEmpty()
                                        || from.namespaces().contains(each.namespace()))
                .forEach(workloads::add);
    }

    boolean isEverybody() {
        return everybody;
    }

    boolean includes(Caller caller) {
        if (everybody) {
            return true;
        }
        ServiceName workload = caller.workload().orElse(null);
        return workload != null
                && (workloads.contains(workload) || namespaces.contains(workload.namespace()));
    }
}
