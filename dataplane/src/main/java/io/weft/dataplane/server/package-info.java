// SPDX-License-Identifier: Apache-2.0
/** The server half: listeners, connections and the requests on them. */
@NullMarked
package io.weft.dataplane.server;

import org.jspecify.annotations.NullMarked;
