// SPDX-License-Identifier: Apache-2.0
/** What is counted, at a cost that can be paid on every request. */
@NullMarked
package io.weft.dataplane.telemetry;

import org.jspecify.annotations.NullMarked;
