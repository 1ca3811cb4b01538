// SPDX-License-Identifier: Apache-2.0
/** Visitors, so that there is something to see. */
@NullMarked
package io.weft.demo.traffic;

import org.jspecify.annotations.NullMarked;
