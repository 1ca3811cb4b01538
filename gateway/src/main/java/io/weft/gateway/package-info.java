// SPDX-License-Identifier: Apache-2.0
/** The edge: Spring Cloud Gateway between the compiled route table and the engine's dispatch. */
@NullMarked
package io.weft.gateway;

import org.jspecify.annotations.NullMarked;
