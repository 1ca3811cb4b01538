// SPDX-License-Identifier: Apache-2.0
/** Holds the reference pages in {@code docs} against what the modules say of themselves. */
@NullMarked
package io.weft.bench.reference;

import org.jspecify.annotations.NullMarked;
