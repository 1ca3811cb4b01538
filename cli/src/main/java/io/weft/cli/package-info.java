// SPDX-License-Identifier: Apache-2.0
/** The weft command: what it can do is wired here, each thing it does is a package. */
@NullMarked
package io.weft.cli;

import org.jspecify.annotations.NullMarked;
