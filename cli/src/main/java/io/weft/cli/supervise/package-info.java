// SPDX-License-Identifier: Apache-2.0
/** Starts parts, waits until they are ready, and lets none of them outlive the others. */
@NullMarked
package io.weft.cli.supervise;

import org.jspecify.annotations.NullMarked;
