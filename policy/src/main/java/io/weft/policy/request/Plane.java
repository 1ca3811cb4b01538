// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.request;

/** The two places where a policy chooses a destination. */
public enum Plane {
    /** Requests that enter from outside. */
    EDGE,
    /** Requests between workloads, at the caller's agent. */
    MESH;

    /** The name as metrics and documents write it. */
    public String label() {
        return this == EDGE ? "edge" : "mesh";
    }
}
