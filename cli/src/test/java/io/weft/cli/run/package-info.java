// SPDX-License-Identifier: Apache-2.0
/** Guests in the mesh. */
@NullMarked
package io.weft.cli.run;

import org.jspecify.annotations.NullMarked;
