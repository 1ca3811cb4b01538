// SPDX-License-Identifier: Apache-2.0
/** Command lines for the JVMs that are started, and the caches that let them start fast. */
@NullMarked
package io.weft.cli.jvm;

import org.jspecify.annotations.NullMarked;
