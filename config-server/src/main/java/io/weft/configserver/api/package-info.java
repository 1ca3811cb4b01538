// SPDX-License-Identifier: Apache-2.0
/** What operators ask and tell the control plane, over HTTP. */
@NullMarked
package io.weft.configserver.api;

import org.jspecify.annotations.NullMarked;
