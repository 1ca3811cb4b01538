// SPDX-License-Identifier: Apache-2.0
/**
 * Conditions in CEL. They are compiled, checked and measured where policies are written; proxies
 * get the checked syntax tree and have only what evaluates it.
 */
@NullMarked
package io.weft.policy.condition;

import org.jspecify.annotations.NullMarked;
