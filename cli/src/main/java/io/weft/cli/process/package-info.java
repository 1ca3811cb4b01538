// SPDX-License-Identifier: Apache-2.0
/** Processes that can be found again, stopped for certain, and outlived by nobody. */
@NullMarked
package io.weft.cli.process;

import org.jspecify.annotations.NullMarked;
