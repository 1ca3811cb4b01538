// SPDX-License-Identifier: Apache-2.0
/** The authority: what it signs, what it refuses, what becomes of it. */
@NullMarked
package io.weft.authservice.ca;

import org.jspecify.annotations.NullMarked;
