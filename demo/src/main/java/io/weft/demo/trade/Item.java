// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.trade;

import java.math.BigDecimal;

/** Something the shop sells; the price is in euros. */
public record Item(String name, BigDecimal price) {}
