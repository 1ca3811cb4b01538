// SPDX-License-Identifier: Apache-2.0
/** Command lines and caches. */
@NullMarked
package io.weft.cli.jvm;

import org.jspecify.annotations.NullMarked;
