// SPDX-License-Identifier: Apache-2.0
/** Time as the control plane measures it: the part of it during which this process ran. */
@NullMarked
package io.weft.configserver.time;

import org.jspecify.annotations.NullMarked;
