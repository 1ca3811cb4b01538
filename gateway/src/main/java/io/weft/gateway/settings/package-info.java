// SPDX-License-Identifier: Apache-2.0
/** What a gateway is told at its start. */
@NullMarked
package io.weft.gateway.settings;

import org.jspecify.annotations.NullMarked;
