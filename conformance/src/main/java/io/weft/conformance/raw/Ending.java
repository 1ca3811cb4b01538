// SPDX-License-Identifier: Apache-2.0
package io.weft.conformance.raw;

/** How the peer ended a connection. */
public enum Ending {
    /** By a FIN: everything it had sent came through. */
    CLOSED,
    /** By a RST. */
    RESET
}
