// SPDX-License-Identifier: Apache-2.0
/** Faults of the network between two real sockets. */
@NullMarked
package io.weft.conformance.fault;

import org.jspecify.annotations.NullMarked;
