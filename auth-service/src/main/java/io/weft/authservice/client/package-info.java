// SPDX-License-Identifier: Apache-2.0
/** The applications that may ask for tokens. */
@NullMarked
package io.weft.authservice.client;

import org.jspecify.annotations.NullMarked;
