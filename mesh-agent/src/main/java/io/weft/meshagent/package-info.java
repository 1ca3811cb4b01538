// SPDX-License-Identifier: Apache-2.0
/** The sidecar beside one workload: a thin host of the engine. */
@NullMarked
package io.weft.meshagent;

import org.jspecify.annotations.NullMarked;
