// SPDX-License-Identifier: Apache-2.0
/** Routes: which request goes where, and what is changed on the way. */
@NullMarked
package io.weft.policy.route;

import org.jspecify.annotations.NullMarked;
