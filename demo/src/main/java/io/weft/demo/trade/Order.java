// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.trade;

import java.math.BigDecimal;

/**
 * An order as a visitor sees it.
 *
 * @param version the version of the orders service that answered
 * @param via the services the answer came through, the first caller first
 */
public record Order(
        long id, String item, BigDecimal price, String payment, String version, String via) {

    /** The same order, answered through one more service. */
    public Order through(String caller) {
        return new Order(id, item, price, payment, version, caller + " → " + via);
    }
}
