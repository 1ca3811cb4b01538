// SPDX-License-Identifier: Apache-2.0
/**
 * A proxy that meets the contracts with blocking sockets and no ambition, to show that they can be
 * met, and that its deliberate flaws are found.
 */
@NullMarked
package io.weft.conformance.model;

import org.jspecify.annotations.NullMarked;
