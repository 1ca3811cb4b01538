// SPDX-License-Identifier: Apache-2.0
/** Who may do what, as a table that every plane must agree with, and tokens to ask with. */
@NullMarked
package io.weft.conformance.access;

import org.jspecify.annotations.NullMarked;
