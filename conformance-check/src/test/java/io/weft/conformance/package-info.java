// SPDX-License-Identifier: Apache-2.0
/** The rules of the module. */
@NullMarked
package io.weft.conformance;

import org.jspecify.annotations.NullMarked;
