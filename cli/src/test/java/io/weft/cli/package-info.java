// SPDX-License-Identifier: Apache-2.0
/** The command, and the stand-ins that tests start in place of real parts. */
@NullMarked
package io.weft.cli;

import org.jspecify.annotations.NullMarked;
