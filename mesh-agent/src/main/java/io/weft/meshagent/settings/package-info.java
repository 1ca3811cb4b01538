// SPDX-License-Identifier: Apache-2.0
/**
 * What an agent is told at its start, by the conventions of Spring Boot and without an application
 * context.
 */
@NullMarked
package io.weft.meshagent.settings;

import org.jspecify.annotations.NullMarked;
