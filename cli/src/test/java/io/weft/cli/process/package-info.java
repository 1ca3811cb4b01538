// SPDX-License-Identifier: Apache-2.0
/** Real processes, started and ended. */
@NullMarked
package io.weft.cli.process;

import org.jspecify.annotations.NullMarked;
