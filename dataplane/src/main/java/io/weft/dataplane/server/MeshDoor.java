// SPDX-License-Identifier: Apache-2.0
package io.weft.dataplane.server;

import io.weft.dataplane.identity.WorkloadIdentity;
import io.weft.dataplane.telemetry.Handshakes;
import java.util.function.BooleanSupplier;

/**
 * Whom a listener lets in: workloads of the mesh that prove it.
 *
 * @param identity what this proxy proves to them
 * @param permissive whether others are let in, too, in clear; asked for each connection
 * @param handshakes counts what comes of it
 */
public record MeshDoor(
        WorkloadIdentity identity, BooleanSupplier permissive, Handshakes handshakes) {}
