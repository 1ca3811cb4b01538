// SPDX-License-Identifier: Apache-2.0
/** Who paid. Version two carries the planted fault. */
@NullMarked
package io.weft.demo.payments;

import org.jspecify.annotations.NullMarked;
