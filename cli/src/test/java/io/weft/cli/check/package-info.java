// SPDX-License-Identifier: Apache-2.0
/** Policies judged on the command line. */
@NullMarked
package io.weft.cli.check;

import org.jspecify.annotations.NullMarked;
