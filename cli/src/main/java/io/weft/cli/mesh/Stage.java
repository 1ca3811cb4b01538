// SPDX-License-Identifier: Apache-2.0
package io.weft.cli.mesh;

/**
 * The order of a shutdown, read from below: callers before those they call, applications before
 * their agents, the control plane at last.
 */
public enum Stage {
    /** Control plane, auth service, Zipkin. */
    CONTROL,
    EDGE,
    AGENTS,
    SERVICES,
    VISITORS;

    /** Higher ranks are ended first. */
    public int rank() {
        return ordinal();
    }
}
