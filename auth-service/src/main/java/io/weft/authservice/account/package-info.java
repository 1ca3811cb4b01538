// SPDX-License-Identifier: Apache-2.0
/** The people who sign in, and how the first of them gets a password. */
@NullMarked
package io.weft.authservice.account;

import org.jspecify.annotations.NullMarked;
