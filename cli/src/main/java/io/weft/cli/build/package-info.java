// SPDX-License-Identifier: Apache-2.0
/** What Maven is asked for: missing jars, and Zipkin's. */
@NullMarked
package io.weft.cli.build;

import org.jspecify.annotations.NullMarked;
