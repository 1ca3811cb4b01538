// SPDX-License-Identifier: Apache-2.0
/** What the gateway has from the control plane, and how it shows that. */
@NullMarked
package io.weft.gateway.control;

import org.jspecify.annotations.NullMarked;
