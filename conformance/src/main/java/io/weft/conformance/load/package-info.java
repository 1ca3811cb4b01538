// SPDX-License-Identifier: Apache-2.0
/** The one open-loop load client: requests start on schedule, whatever the answers do. */
@NullMarked
package io.weft.conformance.load;

import org.jspecify.annotations.NullMarked;
