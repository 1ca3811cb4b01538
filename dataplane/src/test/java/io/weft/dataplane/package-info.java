// SPDX-License-Identifier: Apache-2.0
/** The engine between real sockets. */
@NullMarked
package io.weft.dataplane;

import org.jspecify.annotations.NullMarked;
