// SPDX-License-Identifier: Apache-2.0
/** Policy objects as JSON in the policy's own syntax. */
@NullMarked
package io.weft.policy.codec;

import org.jspecify.annotations.NullMarked;
