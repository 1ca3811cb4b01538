// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.proxy;

/** Where a proxy stands, which decides what it does besides carrying bytes. */
public enum Plane {
    /** The gateway: routes what comes from outside. */
    EDGE,
    /** The caller's agent: routes what its application calls. */
    OUTBOUND,
    /** The callee's agent: brings everything to the one application beside it. */
    INBOUND;

    /** Whether a destination is chosen here by host and route. */
    public boolean routes() {
        return this != INBOUND;
    }
}
