// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

import io.weft.policy.identity.ServiceName;
import java.util.List;

/**
 * Where requests come from: one of these workloads, of one of these namespaces, in one of these
 * networks.
 *
 * @param workloads empty for any, also for callers without identity
 * @param namespaces as {@code workloads}
 * @param networks empty for any
 */
public record Sources(
        List<ServiceName> workloads, List<String> namespaces, List<Network> networks) {

    public static final Sources ANY = new Sources(List.of(), List.of(), List.of());

    public Sources {
        workloads = List.copyOf(workloads);
        namespaces = List.copyOf(namespaces);
        networks = List.copyOf(networks);
    }

    public boolean areAny() {
        return workloads.isEmpty() && namespaces.isEmpty() && networks.isEmpty();
    }

    /** Whether requests of the caller come from here; it allocates nothing. */
    public boolean include(Caller caller) {
        return includeWorkload(caller) && includeNamespace(caller) && includeNetwork(caller);
    }

    public boolean includeWorkload(Caller caller) {
        if (workloads.isEmpty()) {
            return true;
        }
        ServiceName workload = caller.workload().orElse(null);
        return workload != null && workloads.contains(workload);
    }

    public boolean includeNamespace(Caller caller) {
        if (namespaces.isEmpty()) {
            return true;
        }
        ServiceName workload = caller.workload().orElse(null);
        return workload != null && namespaces.contains(workload.namespace());
    }

    public boolean includeNetwork(Caller caller) {
        for (int i = 0; i < networks.size(); i++) {
            if (caller.isIn(networks.get(i))) {
                return true;
            }
        }
        return networks.isEmpty();
    }
}
