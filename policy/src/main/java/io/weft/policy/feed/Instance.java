// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.feed;

import io.weft.policy.identity.ServiceName;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One running instance of a service, as callers reach it.
 *
 * @param id unique within the mesh, chosen by whoever registers the instance
 * @param labels decide which versions of the service it belongs to
 * @param host an IP address, or a name to resolve
 * @param port 1-65535
 * @param mtls whether it answers as the workload that it is, by mutual TLS; otherwise it is reached
 *     in clear, which only a permissive service is
 */
public record Instance(
        String id,
        ServiceName service,
        SortedMap<String, String> labels,
        String host,
        int port,
        boolean mtls) {

    /** An instance that is reached in clear. */
    public Instance(
            String id,
            ServiceName service,
            SortedMap<String, String> labels,
            String host,
            int port) {
        this(id, service, labels, host, port, false);
    }

    public Instance {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        if (id.isEmpty() || host.isEmpty()) {
            throw new IllegalArgumentException("instance " + id + " needs an id and a host");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1-65535)");
        }
    }

    /** Whether it carries all of these labels. */
    public boolean carries(Map<String, String> wanted) {
        return labels.entrySet().containsAll(wanted.entrySet());
    }
}
