// SPDX-License-Identifier: Apache-2.0
/** Commands over real HTTP. */
@NullMarked
package io.weft.authservice.operate;

import org.jspecify.annotations.NullMarked;
