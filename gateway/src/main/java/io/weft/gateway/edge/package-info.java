// SPDX-License-Identifier: Apache-2.0
/**
 * The connections of clients, before Spring sees what they send: the engine's reader in Reactor
 * Netty's pipeline.
 */
@NullMarked
package io.weft.gateway.edge;

import org.jspecify.annotations.NullMarked;
