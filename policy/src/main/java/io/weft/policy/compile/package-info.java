// SPDX-License-Identifier: Apache-2.0
/** Turns documents into policy objects, one by one, so that a broken object hurts only itself. */
@NullMarked
package io.weft.policy.compile;

import org.jspecify.annotations.NullMarked;
