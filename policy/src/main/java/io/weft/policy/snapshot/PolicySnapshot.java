// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.snapshot;

import io.weft.policy.match.RouteTable;
import io.weft.policy.object.PolicyObjects;
import io.weft.policy.request.Plane;

/**
 * One version of the policy as one plane applies it. Immutable; a request sees one snapshot from
 * its first byte to its last.
 */
public final class PolicySnapshot {

    private final PolicyVersion version;
    private final PolicyObjects objects;
    private final RouteTable routes;

    private PolicySnapshot(PolicyVersion version, PolicyObjects objects, RouteTable routes) {
        this.version = version;
        this.objects = objects;
        this.routes = routes;
    }

    public static PolicySnapshot compile(
            Plane plane, PolicyVersion version, PolicyObjects objects) {
        return new PolicySnapshot(version, objects, RouteTable.of(plane, objects));
    }

    public PolicyVersion version() {
        return version;
    }

    public PolicyObjects objects() {
        return objects;
    }

    public RouteTable routes() {
        return routes;
    }
}
