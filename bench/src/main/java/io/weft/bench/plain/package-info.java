// SPDX-License-Identifier: Apache-2.0
/** A Spring Cloud Gateway as its documentation has it, to measure ours beside. */
@NullMarked
package io.weft.bench.plain;

import org.jspecify.annotations.NullMarked;
