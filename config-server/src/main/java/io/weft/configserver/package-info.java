// SPDX-License-Identifier: Apache-2.0
/** The control plane: Spring Cloud Config Server, and on top of it the policy of the mesh. */
@NullMarked
package io.weft.configserver;

import org.jspecify.annotations.NullMarked;
