// SPDX-License-Identifier: Apache-2.0
/** Which users' tokens are accepted, and what a verified one says about its user. */
@NullMarked
package io.weft.policy.token;

import org.jspecify.annotations.NullMarked;
