// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.trade;

/**
 * Whether an order was paid.
 *
 * @param via the service that knows
 */
public record Payment(long order, String state, String via) {}
