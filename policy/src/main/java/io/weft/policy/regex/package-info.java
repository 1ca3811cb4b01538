// SPDX-License-Identifier: Apache-2.0
/** Many regular expressions matched at once, in one pass over a path and linear time. */
@NullMarked
package io.weft.policy.regex;

import org.jspecify.annotations.NullMarked;
