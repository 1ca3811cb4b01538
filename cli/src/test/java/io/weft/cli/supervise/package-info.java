// SPDX-License-Identifier: Apache-2.0
/** The supervisor with stand-ins for its parts. */
@NullMarked
package io.weft.cli.supervise;

import org.jspecify.annotations.NullMarked;
