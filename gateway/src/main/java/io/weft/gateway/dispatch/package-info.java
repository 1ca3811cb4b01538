// SPDX-License-Identifier: Apache-2.0
/** From the end of the filter chain to the engine, and back. */
@NullMarked
package io.weft.gateway.dispatch;

import org.jspecify.annotations.NullMarked;
