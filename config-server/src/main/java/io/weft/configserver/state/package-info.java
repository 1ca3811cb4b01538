// SPDX-License-Identifier: Apache-2.0
/** Files that survive a crash. */
@NullMarked
package io.weft.configserver.state;

import org.jspecify.annotations.NullMarked;
