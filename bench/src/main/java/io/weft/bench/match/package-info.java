// SPDX-License-Identifier: Apache-2.0
/** How long it takes to find the rule of a request. */
@NullMarked
package io.weft.bench.match;

import org.jspecify.annotations.NullMarked;
