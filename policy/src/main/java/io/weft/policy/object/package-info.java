// SPDX-License-Identifier: Apache-2.0
/** The objects of a policy as one set in which every reference resolves. */
@NullMarked
package io.weft.policy.object;

import org.jspecify.annotations.NullMarked;
