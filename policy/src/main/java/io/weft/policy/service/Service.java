// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.service;

import io.weft.policy.identity.ServiceName;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that can be called, by the name of its workload.
 *
 * @param versions for each version the labels that an instance must carry to belong to it
 */
public record Service(
        ServiceName name,
        Protocol protocol,
        SortedMap<String, Map<String, String>> versions,
        @Nullable HealthCheck health,
        MutualTls mtls) {

    public Service {
        var copy = new TreeMap<String, Map<String, String>>();
        versions.forEach((version, labels) -> copy.put(version, Map.copyOf(labels)));
        versions = Collections.unmodifiableSortedMap(copy);
    }
}
