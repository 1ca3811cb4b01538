// SPDX-License-Identifier: Apache-2.0
/** Files as they are after a write. */
@NullMarked
package io.weft.authservice.state;

import org.jspecify.annotations.NullMarked;
