// SPDX-License-Identifier: Apache-2.0
/** The auth service over real HTTP. */
@NullMarked
package io.weft.authservice;

import org.jspecify.annotations.NullMarked;
