// SPDX-License-Identifier: Apache-2.0
/** Signing keys over the years. */
@NullMarked
package io.weft.authservice.key;

import org.jspecify.annotations.NullMarked;
