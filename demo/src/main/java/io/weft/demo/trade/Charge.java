// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.trade;

import java.math.BigDecimal;

/** What the payments service is asked to collect; the amount is in euros. */
public record Charge(long order, BigDecimal amount) {}
