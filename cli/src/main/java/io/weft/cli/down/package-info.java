// SPDX-License-Identifier: Apache-2.0
/** weft down and weft reset: nothing on this machine. */
@NullMarked
package io.weft.cli.down;

import org.jspecify.annotations.NullMarked;
