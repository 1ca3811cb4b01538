// SPDX-License-Identifier: Apache-2.0
/** weft run: a process of one's own in the mesh. */
@NullMarked
package io.weft.cli.run;

import org.jspecify.annotations.NullMarked;
