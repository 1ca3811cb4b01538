// SPDX-License-Identifier: Apache-2.0
/** The whole command in JVMs of its own, with stand-ins for the mesh. */
@NullMarked
package io.weft.cli.up;

import org.jspecify.annotations.NullMarked;
