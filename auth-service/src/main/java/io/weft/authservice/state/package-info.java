// SPDX-License-Identifier: Apache-2.0
/** Files that survive a crash and that nobody else on this machine can read. */
@NullMarked
package io.weft.authservice.state;

import org.jspecify.annotations.NullMarked;
