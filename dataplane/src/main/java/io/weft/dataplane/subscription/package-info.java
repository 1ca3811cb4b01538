// SPDX-License-Identifier: Apache-2.0
/** Follows the control plane and keeps what it said. */
@NullMarked
package io.weft.dataplane.subscription;

import org.jspecify.annotations.NullMarked;
