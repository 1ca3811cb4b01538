// SPDX-License-Identifier: Apache-2.0
/** Weft's own processes: their command lines, settings and ports. */
@NullMarked
package io.weft.cli.mesh;

import org.jspecify.annotations.NullMarked;
