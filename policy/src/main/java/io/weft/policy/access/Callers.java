// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.access;

import io.weft.policy.identity.ServiceName;
import java.util.List;

/**
 * Who a rule is about.
 *
 * @param workloads empty for any workload
 * @param anyone whether the rule says that every user, signed in or not, is meant; a rule that
 *     names no workload must say so, because public is said and never implied
 */
public record Callers(List<ServiceName> workloads, boolean anyone) {

    public Callers {
        workloads = List.copyOf(workloads);
        if (workloads.isEmpty() && !anyone) {
            throw new IllegalArgumentException("a rule needs from.workloads or user: anyone");
        }
    }

    boolean include(ServiceName workload) {
        return workloads.isEmpty() || workloads.contains(workload);
    }
}
