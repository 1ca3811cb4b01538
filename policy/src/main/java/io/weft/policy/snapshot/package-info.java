// SPDX-License-Identifier: Apache-2.0
/** One immutable version of the compiled policy. */
@NullMarked
package io.weft.policy.snapshot;

import org.jspecify.annotations.NullMarked;
