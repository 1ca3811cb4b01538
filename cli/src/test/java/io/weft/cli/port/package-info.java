// SPDX-License-Identifier: Apache-2.0
/** Real ports on loopback. */
@NullMarked
package io.weft.cli.port;

import org.jspecify.annotations.NullMarked;
