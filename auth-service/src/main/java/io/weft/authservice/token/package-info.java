// SPDX-License-Identifier: Apache-2.0
/** Tokens: what they say, how long they live, and that one that is used twice ends its family. */
@NullMarked
package io.weft.authservice.token;

import org.jspecify.annotations.NullMarked;
