// SPDX-License-Identifier: Apache-2.0
/** Who bought what. Version two is the canary. */
@NullMarked
package io.weft.demo.orders;

import org.jspecify.annotations.NullMarked;
