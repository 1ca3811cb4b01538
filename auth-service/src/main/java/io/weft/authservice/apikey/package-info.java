// SPDX-License-Identifier: Apache-2.0
/** Keys for callers that cannot sign in. */
@NullMarked
package io.weft.authservice.apikey;

import org.jspecify.annotations.NullMarked;
