// SPDX-License-Identifier: Apache-2.0
/** Promises about change and failure, kept or broken under traffic through the real processes. */
@NullMarked
package io.weft.bench.drill;

import org.jspecify.annotations.NullMarked;
