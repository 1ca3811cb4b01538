// SPDX-License-Identifier: Apache-2.0
/** Pages, brakes and addresses. */
@NullMarked
package io.weft.authservice.signin;

import org.jspecify.annotations.NullMarked;
