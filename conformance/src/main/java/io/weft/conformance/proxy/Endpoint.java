// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.proxy;

import io.weft.conformance.raw.RecordingUpstream;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * One instance of a service.
 *
 * @param labels what a policy's versions select by, such as {@code version}
 */
public record Endpoint(InetSocketAddress address, Map<String, String> labels) {

    public Endpoint {
        labels = Map.copyOf(labels);
    }

    public static Endpoint of(InetSocketAddress address) {
        return new Endpoint(address, Map.of());
    }

    public static Endpoint of(RecordingUpstream upstream) {
        return of(upstream.address());
    }

    /** An instance whose version is the name of the upstream. */
    public static Endpoint versioned(RecordingUpstream upstream) {
        return new Endpoint(upstream.address(), Map.of("version", upstream.name()));
    }
}
