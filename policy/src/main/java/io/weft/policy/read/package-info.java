// SPDX-License-Identifier: Apache-2.0
/** Reads policy objects from document nodes; the one place that knows the policy's syntax. */
@NullMarked
package io.weft.policy.read;

import org.jspecify.annotations.NullMarked;
