// SPDX-License-Identifier: Apache-2.0
/**
 * A request of a policy route on its way through Spring Cloud Gateway: what is known about it, and
 * how it is refused.
 */
@NullMarked
package io.weft.gateway.exchange;

import org.jspecify.annotations.NullMarked;
