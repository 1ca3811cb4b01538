// SPDX-License-Identifier: Apache-2.0
/** What can go wrong with a request, and the one place that says what its client is told. */
@NullMarked
package io.weft.dataplane.failure;

import org.jspecify.annotations.NullMarked;
