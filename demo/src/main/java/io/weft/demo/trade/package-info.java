// SPDX-License-Identifier: Apache-2.0
/** What the shop sells, and what its services say to each other about it. */
@NullMarked
package io.weft.demo.trade;

import org.jspecify.annotations.NullMarked;
