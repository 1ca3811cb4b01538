// SPDX-License-Identifier: Apache-2.0
/** Ports on loopback, handed out once. */
@NullMarked
package io.weft.cli.port;

import org.jspecify.annotations.NullMarked;
