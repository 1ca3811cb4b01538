// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.route;

import io.weft.policy.request.Plane;

/** Where a route is in force. */
public enum Scope {
    EDGE,
    MESH,
    EVERYWHERE;

    public boolean includes(Plane plane) {
        return switch (this) {
            case EDGE -> plane == Plane.EDGE;
            case MESH -> plane == Plane.MESH;
            case EVERYWHERE -> true;
        };
    }
}
