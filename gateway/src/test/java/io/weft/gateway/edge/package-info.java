// SPDX-License-Identifier: Apache-2.0
/** What the edge believes, without a socket. */
@NullMarked
package io.weft.gateway.edge;

import org.jspecify.annotations.NullMarked;
