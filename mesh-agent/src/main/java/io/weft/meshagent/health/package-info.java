// SPDX-License-Identifier: Apache-2.0
/** Whether the agent and its application are well. */
@NullMarked
package io.weft.meshagent.health;

import org.jspecify.annotations.NullMarked;
