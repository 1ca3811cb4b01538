// SPDX-License-Identifier: Apache-2.0
/** What people and scripts see: progress on stderr, data on stdout. */
@NullMarked
package io.weft.cli.terminal;

import org.jspecify.annotations.NullMarked;
