// SPDX-License-Identifier: Apache-2.0
/** Sealing and opening. */
@NullMarked
package io.weft.authservice.seal;

import org.jspecify.annotations.NullMarked;
