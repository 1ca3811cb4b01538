// SPDX-License-Identifier: Apache-2.0
/** An event loop and all that belongs to it alone. */
@NullMarked
package io.weft.dataplane.loop;

import org.jspecify.annotations.NullMarked;
