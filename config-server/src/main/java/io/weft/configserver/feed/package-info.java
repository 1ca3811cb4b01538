// SPDX-License-Identifier: Apache-2.0
/** Tells every proxy what is in force, and hears from them what became of it. */
@NullMarked
package io.weft.configserver.feed;

import org.jspecify.annotations.NullMarked;
