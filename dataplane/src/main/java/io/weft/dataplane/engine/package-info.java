// SPDX-License-Identifier: Apache-2.0
/** The engine as its hosts see it. */
@NullMarked
package io.weft.dataplane.engine;

import org.jspecify.annotations.NullMarked;
