// SPDX-License-Identifier: Apache-2.0
package io.weft.policy.service;

/** Whether callers of a service must show who they are. */
public enum MutualTls {
    /** Nothing but TLS with a certificate of the mesh. */
    STRICT,
    /** Also in clear, without identity; for a service on its way into the mesh. */
    PERMISSIVE
}
