// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import io.weft.policy.identity.ServiceName;
import io.weft.policy.request.Network;
import java.util.List;

/**
 * Where a rule's requests come from: one of these workloads, of one of these namespaces, in one of
 * these networks.
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

    boolean areAny() {
        return workloads.isEmpty() && namespaces.isEmpty() && networks.isEmpty();
    }
}
