// SPDX-License-Identifier: Apache-2.0
/** What is wrong with a policy, where, and what to do about it. */
@NullMarked
package io.weft.policy.problem;

import org.jspecify.annotations.NullMarked;
