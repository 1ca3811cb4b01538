// SPDX-License-Identifier: Apache-2.0
/** The dispatch half: from a decision to a response. */
@NullMarked
package io.weft.dataplane.dispatch;

import org.jspecify.annotations.NullMarked;
