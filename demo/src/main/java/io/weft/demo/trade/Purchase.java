// SPDX-License-Identifier: Apache-2.0
package io.weft.demo.trade;

import org.jspecify.annotations.Nullable;

/** What a visitor wants to buy. */
public record Purchase(@Nullable String item) {}
