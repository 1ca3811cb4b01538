// SPDX-License-Identifier: Apache-2.0
/** The pages people see, and the brake on guessing their passwords. */
@NullMarked
package io.weft.authservice.signin;

import org.jspecify.annotations.NullMarked;
