// SPDX-License-Identifier: Apache-2.0
/** Connections to endpoints: made, kept, used again and given up. */
@NullMarked
package io.weft.dataplane.upstream;

import org.jspecify.annotations.NullMarked;
