// SPDX-License-Identifier: Apache-2.0
/** Finds the rule for a request at a cost that does not depend on the number of rules. */
@NullMarked
package io.weft.policy.match;

import org.jspecify.annotations.NullMarked;
