// SPDX-License-Identifier: Apache-2.0
/** Which requests are the policy's, which are the user's own, and which are nobody's. */
@NullMarked
package io.weft.gateway.route;

import org.jspecify.annotations.NullMarked;
