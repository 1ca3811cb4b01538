// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.identity;

import io.weft.policy.identity.ServiceName;

/**
 * How a workload of the mesh is called: as oneself, and as nobody but that workload.
 *
 * @param identity one's own
 * @param peer the workload that has to answer
 */
public record MutualTls(WorkloadIdentity identity, ServiceName peer) {}
