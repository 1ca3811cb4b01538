// SPDX-License-Identifier: Apache-2.0
/** weft up: everything on this machine. */
@NullMarked
package io.weft.cli.up;

import org.jspecify.annotations.NullMarked;
