// SPDX-License-Identifier: Apache-2.0
/** Parts of signing in that need no sockets. */
@NullMarked
package io.weft.gateway.signin;

import org.jspecify.annotations.NullMarked;
