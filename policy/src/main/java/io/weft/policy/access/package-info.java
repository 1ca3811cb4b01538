// SPDX-License-Identifier: Apache-2.0
/** Access rules: who may call what, and the verdict about one request. */
@NullMarked
package io.weft.policy.access;

import org.jspecify.annotations.NullMarked;
