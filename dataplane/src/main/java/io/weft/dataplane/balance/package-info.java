// SPDX-License-Identifier: Apache-2.0
/** Endpoints and the choice between them. */
@NullMarked
package io.weft.dataplane.balance;

import org.jspecify.annotations.NullMarked;
