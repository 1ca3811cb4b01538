// SPDX-License-Identifier: Apache-2.0
/** The authorization server, put together: which request passes which filter. */
@NullMarked
package io.weft.authservice.server;

import org.jspecify.annotations.NullMarked;
